// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.bellows.benchmark.measure.Rounds;
import org.bellows.benchmark.measure.Workload;
import org.bellows.worker.engine.InferenceArithmetic;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is timed against each other answers the same. */
class InferenceWorkerTest {
  @Tag("integration")
  @Test
  void bothAnswerTheSameAndHaveTheirTurns() throws Exception {
    Workload workload = Workload.usual("lenet5", 3);
    InferenceRow row = row(workload, InferenceArithmetic.USUAL);
    assertThat(row.network()).isEqualTo("lenet5");
    assertThat(row.batch()).isEqualTo(3);
    assertThat(row.versions()).contains("oneDNN", "ONNX Runtime 1.");
    assertThat(row.difference()).isLessThan(1e-5).isNotNegative();
    assertThat(row.rounds()).containsOnlyKeys("bellows", "onnxruntime");
    assertThat(row.rounds().values()).allSatisfy(rates -> assertThat(rates).hasSize(2));
    Map<String, Double> rates = row.imagesPerSecond();
    assertThat(rates.values()).allMatch(rate -> rate > 0);
    assertThat(row.ratio()).isPositive();
  }

  private static InferenceRow row(Workload workload, InferenceArithmetic arithmetic)
      throws Exception {
    return new InferenceWorker(workload, new Rounds(1, 2, 0), arithmetic).row(0);
  }

  @Test
  void theDifferenceIsTheLargestByTheRange() {
    float[] one = {0.5f, 0.25f, 0.25f};
    float[] other = {0.625f, 0.125f, 0.25f};
    assertThat(InferenceWorker.difference(one, other)).isEqualTo(0.25);
    assertThat(InferenceWorker.difference(other, other)).isZero();
    assertThat(InferenceWorker.difference(new float[] {Float.NaN, 0, 1}, other)).isNaN();
  }
}
