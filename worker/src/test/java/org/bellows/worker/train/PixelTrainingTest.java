// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.bellows.data.batch.ReadAhead;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.shard.DatasetReader;
import org.bellows.worker.TinyDataset;
import org.bellows.worker.TinyPixels;
import org.bellows.worker.evaluate.Evaluation;
import org.bellows.worker.evaluate.Evaluator;
import org.bellows.worker.evaluate.PartialEvaluation;
import org.bellows.worker.evaluate.metric.Metrics;
import org.bellows.worker.network.LaneNetwork;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs of a network that says a class of each pixel. */
@Tag("instructions")
@Tag("once")
class PixelTrainingTest {
  @TempDir static Path shared;

  private static DatasetManifest manifest;

  @TempDir Path runs;

  @BeforeAll
  static void writeDataset() throws IOException {
    manifest = TinyPixels.write(shared, 30, 9);
  }

  private TrainingPlan plan(String... more) {
    return TrainingPlan.of(
        new Configuration(),
        Runs.settings(
            shared,
            runs,
            List.of(
                "model.name=unet-8",
                "model.height-pixels=" + TinyPixels.SIDE,
                "model.width-pixels=" + TinyPixels.SIDE,
                "augment.crop=resize",
                "augment.evaluation-crop=resize",
                "train.epochs=2",
                "train.global-batch=6",
                "train.lane-batch=2",
                "data.shuffle-window-samples=13"),
            more),
        manifest);
  }

  /** Lanes of void alone are among them. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "loss.class-weights=median-frequency",
        "loss.normalisation=batch,loss.border-weight=10",
        "loss.normalisation=none,schedule.base-lr=0.001,loss.class-weights=balanced"
      })
  void theNumberOfWorkersDoesNotChangeABit(String settings) {
    TrainingPlan plan = plan(settings.split(",(?=[a-z])"));
    String alone = Runs.train(plan, 1, 0, 3);
    for (int ranks : new int[] {2, 3}) {
      assertThat(Runs.train(Runs.atOnce(plan, 4 - ranks), ranks, 0, 3))
          .as("on %d ranks", ranks)
          .isEqualTo(alone);
    }
  }

  @Test
  void theLossTakesPart() {
    Set<String> results = new HashSet<>();
    for (String settings :
        List.of(
            "loss.normalisation=picture",
            "loss.normalisation=batch",
            "loss.class-weights=[1, 5, 1]",
            "loss.focal-gamma=2",
            "loss.hard-pixel-share=0.25",
            "loss.border-weight=10",
            "loss.border-weight=10 loss.border-sigma-pixels=1",
            "loss.dice-weight=1",
            "loss.lovasz-weight=1")) {
      String[] assignments = settings.split(" (?=l)");
      assertThat(results.add(Runs.train(plan(assignments), 1, 0, 1))).as(settings).isTrue();
    }
  }

  private static Evaluation evaluate(LaneNetwork network, TrainingPlan plan, int of) {
    Evaluator evaluator =
        new Evaluator(
            new DatasetReader(new Configuration(), shared.toString(), manifest, "validation"),
            plan.inputSpec(),
            new ReadAhead(1, 2),
            plan.settings().evaluate());
    List<PartialEvaluation> parts = new ArrayList<>();
    for (int worker = 0; worker < of; worker++) {
      parts.add(evaluator.evaluate(network, worker, of));
    }
    return PartialEvaluation.merge(manifest.split("validation"), plan.classes(), parts, 0);
  }

  /** Pictures of nine sizes, some of void alone. */
  @Test
  void evaluationDependsNeitherOnTheBatchNorOnTheWorkers() {
    TrainingPlan plan = plan("evaluate.batch=1");
    try (LaneNetwork network =
        new LaneNetwork(plan.network(), plan.input(), plan.classes().size(), 1)) {
      Evaluation one = evaluate(network, plan, 1);
      assertThat(one.metrics().metrics()).containsExactlyElementsOf(Metrics.ofPixels());
      assertThat(one.samples()).isEqualTo(9);
      assertThat(one.classes()).containsExactly("around", "inside", "nowhere");
      for (int batch : new int[] {3, 8}) {
        TrainingPlan other = plan("evaluate.batch=" + batch);
        assertThat(evaluate(network, other, 1)).usingRecursiveComparison().isEqualTo(one);
        assertThat(evaluate(network, other, 2)).usingRecursiveComparison().isEqualTo(one);
      }
    }
  }

  /** Its answers leave a rim: the loss is of the middle, and evaluation puts tiles together. */
  @Test
  void aNetworkThatAnswersForTheMiddleIsTrained() {
    TrainingPlan plan =
        plan(
            "model.name=unet-valid",
            "model.height-pixels=188",
            "model.width-pixels=188",
            "evaluate.inference=tiles",
            "train.global-batch=2",
            "train.lane-batch=1");
    assertThat(Runs.train(plan, 1, 0, 1)).hasSize(64);
  }

  @Test
  void whatDoesNotGoTogetherIsRefused() throws IOException {
    assertThatThrownBy(() -> plan("loss.label-smoothing=0.1"))
        .hasMessage(
            "loss.label-smoothing is 0.1, but unet-8 says a class of each pixel; allowed: 0");
    assertThatThrownBy(() -> plan("train.early-stopping-epochs=1"))
        .hasMessage(
            "train.best-metric is top1, but unet-8 says a class of each pixel; allowed: miou,"
                + " loss");
    String[] pyramid = {
      "model.name=deeplab-v3-mobilenet-v2", "model.height-pixels=32", "model.width-pixels=32"
    };
    assertThat(plan(pyramid).warnings())
        .containsExactly(
            "aspp-image-norm takes mean and variance of 2 values a channel (train.lane-batch 2); of"
                + " fewer than 16 they are noisy");
    assertThat(
            plan("model.height-pixels=64", "model.width-pixels=64", "train.lane-batch=2")
                .warnings())
        .isEmpty();
    assertThatThrownBy(() -> plan(pyramid[0], pyramid[1], pyramid[2], "train.lane-batch=1"))
        .hasMessage(
            "train.lane-batch is 1, but aspp-image-norm of deeplab-v3-mobilenet-v2 normalises each"
                + " channel over one value a picture, and a variance needs two; allowed: 2 and"
                + " more, train.batch-norm-moments = global-batch, or a start from a model"
                + " (model.from) with model.freeze-up-to");
    assertThat(
            plan(
                    pyramid[0],
                    pyramid[1],
                    pyramid[2],
                    "train.lane-batch=1",
                    "train.batch-norm-moments=global-batch")
                .warnings())
        .singleElement()
        .asString()
        .contains("values a channel (train.global-batch ");
    DatasetManifest without =
        DatasetManifest.of(
            List.of(), manifest.splits(), manifest.pixelClasses(), manifest.provenance());
    assertThatThrownBy(
            () ->
                TrainingPlan.of(
                    new Configuration(), plan("loss.border-weight=10").settings(), without))
        .hasMessage(
            "loss.border-weight is 10.0, but the dataset at %s does not tell objects apart; prepare"
                    .formatted(shared)
                + " it with source.mask-instances");
    assertThatThrownBy(() -> plan("model.name=lenet5"))
        .hasMessage(
            "model.name is lenet5, which says a class of each sample, but the dataset at %s has"
                    .formatted(shared)
                + " classes of pixels only");
    assertThatThrownBy(
            () ->
                plan("model.name=unet-valid", "model.height-pixels=204", "model.width-pixels=188"))
        .hasMessage(
            "evaluate.inference is resize, but the network answers for the middle 20 x 4 of 204 x 188"
                + " pixels only; allowed: tiles");
    assertThatThrownBy(
            () ->
                TrainingPlan.of(
                    new Configuration(),
                    plan().settings(),
                    TinyDataset.write(runs.resolve("samples"), 12, 1)))
        .hasMessageStartingWith("model.name is unet-8, which says a class of each pixel, but the")
        .hasMessageEndingWith("has no pixel classes");
  }
}
