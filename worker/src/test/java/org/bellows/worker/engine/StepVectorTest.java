// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.bellows.worker.parallel.VectorParts;
import org.junit.jupiter.api.Test;

class StepVectorTest {
  @Test
  void theLossStandsBehindTheParameters() {
    StepVector vector = new StepVector(2);
    vector.setLoss(7);
    vector.setParameters(new float[] {1, 2, 3});
    assertThat(vector.floats()).containsExactly(1, 2, 7).hasSize(StepVector.length(2));
    assertThat(vector.loss()).isEqualTo(7);
    assertThat(vector.parameters()).isEqualTo(2);
    assertThat(StepVector.bytes(2)).isEqualTo(12);
  }

  @Test
  void addsTheLossToo() {
    StepVector left = new StepVector(1);
    left.setParameters(new float[] {1});
    left.setLoss(10);
    StepVector right = new StepVector(1);
    right.setParameters(new float[] {2});
    right.setLoss(20);
    left.addInPlace(right, VectorParts.ONE);
    assertThat(left.floats()).containsExactly(3, 30);
    assertThat(right.floats()).containsExactly(2, 20);
  }

  @Test
  void finiteIsWhatTheStandardSays() {
    VectorParts inTwo =
        (from, to, work) -> {
          work.run(from, (from + to) / 2);
          work.run((from + to) / 2, to);
        };
    for (int parameters = 0; parameters < 9; parameters++) {
      StepVector vector = new StepVector(parameters);
      Arrays.fill(vector.floats(), -Float.MAX_VALUE);
      for (VectorParts parts : List.of(VectorParts.ONE, inTwo)) {
        assertThat(vector.isFinite(1, parts)).isTrue();
        assertThat(vector.isFinite(1.0001f, parts)).isFalse();
      }
      for (int i = 0; i <= parameters; i++) {
        for (float bad :
            new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
          Arrays.fill(vector.floats(), 1);
          vector.floats()[i] = bad;
          for (VectorParts parts : List.of(VectorParts.ONE, inTwo)) {
            assertThat(vector.isFinite(1, parts))
                .as("%s at %d of %d", bad, i, parameters)
                .isFalse();
            assertThat(vector.isFinite(1, i + 1, parameters + 1, parts)).isTrue();
          }
        }
      }
    }
  }
}
