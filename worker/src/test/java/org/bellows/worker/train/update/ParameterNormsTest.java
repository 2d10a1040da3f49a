// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.train.update;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.bellows.models.layer.ParameterKind;
import org.bellows.models.network.FlatLayout;
import org.bellows.models.network.FlatLayout.ParameterSlot;
import org.bellows.worker.Ranks;
import org.bellows.worker.collective.Communicator;
import org.bellows.worker.collective.reduce.OwnedParts;
import org.bellows.worker.collective.reduce.Sharding;
import org.junit.jupiter.api.Test;

class ParameterNormsTest {
  private static final int[] LENGTHS = {3000, 7, 5, 4096, 1, 2500};

  private static FlatLayout layout() {
    List<ParameterSlot> slots = new ArrayList<>();
    int offset = 0;
    for (int i = 0; i < LENGTHS.length; i++) {
      ParameterKind kind = i == 2 ? ParameterKind.RUNNING_MEAN : ParameterKind.WEIGHT;
      slots.add(new ParameterSlot("array_" + i, offset, LENGTHS[i], kind, 0));
      offset += LENGTHS[i];
    }
    return new FlatLayout(slots, offset);
  }

  private static float[] vector(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] vector = new float[layout().length()];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (float) ((random.nextDouble() - 0.5) * Math.pow(10, random.nextInt(6) - 3));
    }
    return vector;
  }

  private static ParameterNorms.Squares squares(Communicator communicator, float[] w, float[] g) {
    FlatLayout layout = layout();
    int ranks = communicator.size();
    Sharding sharding =
        new Sharding(layout.length(), ranks, ranks, ParameterNorms.BLOCK_FLOATS, List.of())
            .inBuckets(Math.min(ranks, 2));
    OwnedParts own = sharding.owned(communicator.rank());
    float[] gradient = new float[own.length()];
    own.read(g, gradient);
    return new ParameterNorms(layout, communicator, sharding::owned)
        .of("test", layout.segments().size(), w, gradient);
  }

  /** Up to more ranks than there are blocks, so that some own nothing. */
  @Test
  void areTheSameBitsOnAnyNumberOfRanks() {
    float[] w = vector(1);
    float[] g = vector(2);
    ParameterNorms.Squares alone = Ranks.run(1, communicator -> squares(communicator, w, g)).get(0);
    for (int ranks : new int[] {2, 3, 5, 12}) {
      for (ParameterNorms.Squares other :
          Ranks.run(ranks, communicator -> squares(communicator, w, g))) {
        assertThat(other.parameters()).isEqualTo(alone.parameters());
        assertThat(other.gradients()).isEqualTo(alone.gradients());
      }
    }
  }

  @Test
  void areTheSumsOfSquaresOfTrainableArrays() {
    float[] w = vector(1);
    float[] g = vector(2);
    ParameterNorms.Squares squares =
        Ranks.run(2, communicator -> squares(communicator, w, g)).get(0);
    double all = 0;
    for (ParameterSlot slot : layout().segments()) {
      double ofW = 0;
      double ofG = 0;
      for (int i = slot.offset(); i < slot.end() && slot.kind().isTrainable(); i++) {
        ofW += (double) w[i] * w[i];
        ofG += (double) g[i] * g[i];
      }
      int array = layout().segments().indexOf(slot);
      assertThat(squares.parameters()[array]).isCloseTo(ofW, within(1e-12 * ofW));
      assertThat(squares.gradients()[array]).isCloseTo(ofG, within(1e-12 * ofG));
      all += ofG;
    }
    assertThat(squares.gradients()[2]).isZero();
    assertThat(squares.gradient()).isCloseTo(all, within(1e-12 * all));
  }

  @Test
  void carryInfinityAndNotANumber() {
    float[] w = vector(1);
    float[] g = vector(2);
    g[0] = Float.POSITIVE_INFINITY;
    g[3001] = Float.NaN;
    ParameterNorms.Squares squares =
        Ranks.run(3, communicator -> squares(communicator, w, g)).get(2);
    assertThat(squares.gradients()[0]).isInfinite();
    assertThat(squares.gradients()[1]).isNaN();
  }
}
