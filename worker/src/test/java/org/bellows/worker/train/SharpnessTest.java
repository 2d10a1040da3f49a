// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.assertj.core.data.Offset;
import org.bellows.conf.part.TrainingSettings;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.worker.TinyDataset;
import org.bellows.worker.checkpoint.CheckpointStore;
import org.bellows.worker.files.FloatArrays;
import org.bellows.worker.model.ModelCard;
import org.bellows.worker.model.TrainedModel;
import org.bellows.worker.network.LaneNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Foret et al. 2021, Algorithm 1, put together by hand of plain steps: with the rate 1 a step of
 * {@code sgd} tells the gradient.
 */
@Tag("instructions")
@Timeout(60)
class SharpnessTest {
  private static final double RADIUS = 0.5;

  @TempDir Path folder;

  private final Configuration hadoop = new Configuration();

  private TrainingSettings settings(String run, String... more) {
    return Runs.settings(
        folder.resolve("data"),
        folder.resolve(run),
        List.of(
            "model.name=lenet5",
            "augment.crop=resize",
            "augment.mirror=false",
            "train.epochs=1",
            "train.global-batch=15",
            "train.lane-batch=3",
            "train.validation-split=",
            "optimizer.name=sgd",
            "optimizer.weight-decay=0",
            "schedule.base-lr=1",
            "schedule.scaling=none",
            "schedule.warmup=none",
            "schedule.decay=constant"),
        more);
  }

  private float[] afterOneStep(TrainingPlan plan, int ranks) {
    Runs.train(plan, ranks, 0, 1);
    return new CheckpointStore(hadoop, plan.outputPath()).read(1).parameters();
  }

  @Test
  void theGradientIsThatWhereTheFirstOneLeads() throws IOException {
    DatasetManifest manifest = TinyDataset.write(folder.resolve("data"), 62, 20);
    TrainingPlan plain = new TrainingPlan(settings("plain"), manifest);
    float[] start = start(plain);
    float[] gradient = difference(start, afterOneStep(plain, 1));
    double norm = 0;
    for (float value : gradient) {
      norm += (double) value * value;
    }
    float[] moved = new float[start.length];
    for (int i = 0; i < moved.length; i++) {
      moved[i] = (float) (start[i] + RADIUS * gradient[i] / Math.sqrt(norm));
    }
    write(plain, moved);
    TrainingPlan there =
        TrainingPlan.of(
            hadoop, settings("there", "model.from=" + folder.resolve("moved")), manifest);
    float[] second = difference(moved, afterOneStep(there, 1));
    TrainingPlan aware =
        new TrainingPlan(settings("aware", "optimizer.sharpness-radius=" + RADIUS), manifest);
    float[] actual = afterOneStep(aware, 2);
    double furthest = 0;
    for (int i = 0; i < start.length; i++) {
      assertThat(actual[i]).isCloseTo(start[i] - second[i], Offset.offset(2e-5f));
      furthest = Math.max(furthest, Math.abs(actual[i] - (start[i] - gradient[i])));
    }
    assertThat(furthest).as("from a plain step").isGreaterThan(0.01);
  }

  private static float[] start(TrainingPlan plan) {
    try (LaneNetwork network =
        new LaneNetwork(plan.network(), plan.input(), plan.classes().size(), 1)) {
      float[] parameters = new float[network.layout().length()];
      network.readParameters(parameters);
      return parameters;
    }
  }

  private static float[] difference(float[] before, float[] after) {
    float[] difference = new float[before.length];
    for (int i = 0; i < before.length; i++) {
      difference[i] = before[i] - after[i];
    }
    return difference;
  }

  private void write(TrainingPlan plan, float[] parameters) {
    ModelCard card =
        new ModelCard(
            ModelCard.FORMAT_VERSION,
            "lenet5",
            plan.input(),
            plan.classes(),
            plan.inputSpec().mean(),
            plan.inputSpec().standardDeviation(),
            plan.settings().augment().evaluationCrop(),
            0,
            FloatArrays.sha256(parameters, parameters.length),
            Map.of());
    new TrainedModel(card, parameters).write(hadoop, folder.resolve("moved").toString());
  }
}
