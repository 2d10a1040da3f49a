// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.bellows.benchmark.measure.Rounds;
import org.bellows.benchmark.measure.Workload;
import org.bellows.models.graph.Heads;
import org.bellows.models.network.FlatLayout;
import org.bellows.models.network.FlatLayout.ParameterSlot;
import org.bellows.worker.engine.InferenceArithmetic;
import org.bellows.worker.model.RandomModel;
import org.bellows.worker.model.TrainedModel;
import org.bellows.worker.network.LaneNetwork;
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

  /** A softmax that is saturated would hide what the layers before it compute. */
  @Tag("instructions")
  @Test
  void noProbabilityOfTheMeasuredModelIsLarge() {
    Workload workload = Workload.usual("lenet5", 2);
    float[] pixels = workload.batch().pixels();
    TrainedModel random =
        RandomModel.of(workload.network(), workload.input(), workload.classes(), 1);
    float[] parameters = random.parameters();
    for (ParameterSlot slot : FlatLayout.of(workload.graph()).segments()) {
      for (int i = slot.offset(); i < slot.end() && slot.layer().equals(Heads.OUTPUT); i++) {
        parameters[i] *= 1000;
      }
    }
    assertThat(largest(random, pixels)).isGreaterThan(0.99f);
    TrainedModel model = OpenAnswers.of(random, workload, pixels);
    assertThat(largest(model, pixels)).isBetween(0.15f, 0.5f);
    assertThat(model.card()).isEqualTo(random.card());
  }

  private static float largest(TrainedModel model, float[] pixels) {
    try (LaneNetwork network = model.open()) {
      float[] probabilities = network.probabilities(pixels, 2);
      float largest = 0;
      for (float each : probabilities) {
        largest = Math.max(largest, each);
      }
      return largest;
    }
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
