// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.resnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import org.bellows.models.dl4j.Dl4jGraph;
import org.bellows.models.graph.InputShape;
import org.bellows.models.zoo.NetworkRegistry;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class ResNetTest {

  /** Goyal et al. 2017, section 5.1. */
  @Test
  void startsEachBlockAsItsShortcutWithZeroGamma() {
    ComputationGraph usual = graph("resnet18");
    ComputationGraph zero = graph("resnet18-zero-gamma");
    Nd4j.getRandom().setSeed(3);
    INDArray image = Nd4j.rand(DataType.FLOAT, 1, 3, 32, 32);
    Map<String, INDArray> maps = zero.feedForward(image, false);
    assertThat(maps.get("stage1-block2-act")).isEqualTo(maps.get("stem-pool"));
    assertThat(usual.feedForward(image, false).get("stage1-block2-act"))
        .isNotEqualTo(maps.get("stem-pool"));
    assertThat(zero.getParam("stage1-block1-b-norm_gamma").maxNumber().doubleValue()).isZero();
    assertThat(zero.getParam("stage1-block1-a-norm_gamma").minNumber().doubleValue()).isOne();
    assertThat(zero.getParam("stage2-block1-a_W")).isEqualTo(usual.getParam("stage2-block1-a_W"));
    // 512 inputs: He's deviation is 0.0625.
    assertThat(deviation(zero)).isCloseTo(0.01, within(5e-4));
    assertThat(deviation(usual)).isCloseTo(0.0625, within(3e-3));
  }

  private static double deviation(ComputationGraph graph) {
    return graph.getParam("output_W").stdNumber().doubleValue();
  }

  private static ComputationGraph graph(String name) {
    InputShape input = new InputShape(3, 32, 32);
    return Dl4jGraph.initialised(NetworkRegistry.standard().get(name).graph(input, 5), 7);
  }
}
