// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.collective.reduce;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.bellows.worker.Ranks;
import org.bellows.worker.collective.reduce.EvenPartition.IndexRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LaneReductionTest {
  private static final int LANES = 7;
  private static final int NUMBERS = 5;

  /** Of very different sizes, so that each order of adding gives other bits. */
  private static double[] ofLane(int lane) {
    SplittableRandom random = new SplittableRandom(lane);
    double[] own = new double[NUMBERS];
    for (int i = 0; i < NUMBERS; i++) {
      own[i] = (random.nextDouble() - 0.5) * Math.pow(10, random.nextInt(-8, 8));
    }
    own[NUMBERS - 1] = lane == 3 ? Double.NaN : Double.MIN_VALUE;
    return own;
  }

  private static double[] add(double[] left, double[] right) {
    double[] sum = new double[left.length];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = left[i] + right[i];
    }
    return sum;
  }

  @Test
  void theNumberOfRanksDoesNotChangeABit() {
    double[] expected =
        LaneTree.sum(
            LaneTree.root(LANES),
            node -> node.isLeaf() ? ofLane(node.from()) : null,
            LaneReductionTest::add);
    double[] fromLeftToRight = ofLane(0);
    for (int lane = 1; lane < LANES; lane++) {
      fromLeftToRight = add(fromLeftToRight, ofLane(lane));
    }
    assertThat(fromLeftToRight).isNotEqualTo(expected);
    for (int ranks : new int[] {1, 2, 3, 7}) {
      List<double[]> results =
          Ranks.run(
              ranks,
              communicator -> {
                IndexRange hosted = EvenPartition.of(LANES, communicator.rank(), ranks);
                List<double[]> own = new ArrayList<>();
                for (int lane = hosted.from(); lane < hosted.to(); lane++) {
                  own.add(ofLane(lane));
                }
                LaneReduction reduction = new LaneReduction(communicator, LANES);
                reduction.reduce("a first time", own, LaneReductionTest::add);
                return reduction.reduce("again", own, LaneReductionTest::add);
              });
      assertThat(results).allSatisfy(all -> assertThat(all).containsExactly(expected));
    }
  }
}
