// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.bellows.benchmark.torch.TorchFormat;
import org.bellows.benchmark.torch.TorchMode;
import org.bellows.benchmark.torch.TorchNetwork;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The whole step, update included. */
@Tag("integration")
class ContendersTest {
  private static final int STEPS = 20;

  @BeforeAll
  static void setUp() {
    TorchNetwork.setUp(1);
  }

  @Test
  void lossesGoTheSameWay() {
    Assignment assignment = Assignment.usual("lenet5", 8);
    double[] bellows = losses(new BellowsContender(assignment));
    double[] pytorch =
        losses(new TorchContender(assignment, TorchMode.float32(TorchFormat.CONTIGUOUS)));
    double[] channelsLast =
        losses(new TorchContender(assignment, TorchMode.float32(TorchFormat.CHANNELS_LAST)));
    double[] torchEngine = losses(new BellowsContender(assignment, "train.step-engine=torch"));
    double[] dl4j = losses(new Dl4jContender(assignment));
    double fall = bellows[0] - bellows[STEPS - 1];
    assertThat(fall).as("what %s fell by", Arrays.toString(bellows)).isGreaterThan(1e-3);
    assertThat(pytorch).containsExactly(bellows, within(0.001 * fall));
    assertThat(torchEngine).containsExactly(bellows, within(0.001 * fall));
    assertThat(channelsLast).containsExactly(bellows, within(0.001 * fall));
    for (TorchFormat format : TorchFormat.values()) {
      double[] rounded = losses(new TorchContender(assignment, TorchMode.bfloat16(format)));
      assertThat(rounded).as("bfloat16").isNotEqualTo(pytorch);
      assertThat(rounded).containsExactly(bellows, within(0.1 * fall));
    }
    // Its score has the weight decay's part, which hardly moves, and an older form of Nesterov's.
    assertThat(dl4j[0] - dl4j[STEPS - 1]).isEqualTo(fall, within(0.2 * fall));
  }

  private static double[] losses(Contender contender) {
    try (contender) {
      double[] losses = new double[STEPS];
      Arrays.setAll(losses, step -> contender.step());
      return losses;
    }
  }
}
