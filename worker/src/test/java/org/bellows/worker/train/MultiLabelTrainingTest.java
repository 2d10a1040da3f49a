// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.part.TrainingSettings;
import org.bellows.data.batch.ReadAhead;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.shard.BlockReader;
import org.bellows.data.shard.DatasetReader;
import org.bellows.worker.TinyDataset;
import org.bellows.worker.checkpoint.CheckpointStore;
import org.bellows.worker.evaluate.Evaluation;
import org.bellows.worker.evaluate.Evaluator;
import org.bellows.worker.evaluate.LabelFacts;
import org.bellows.worker.evaluate.PartialEvaluation;
import org.bellows.worker.evaluate.metric.Metrics;
import org.bellows.worker.files.FloatArrays;
import org.bellows.worker.files.Json;
import org.bellows.worker.model.ModelCard;
import org.bellows.worker.model.MultiLabel;
import org.bellows.worker.model.TrainedModel;
import org.bellows.worker.network.LaneNetwork;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Samples of any number of classes, from the dataset to the figures of the trained network. */
@Tag("instructions")
class MultiLabelTrainingTest {
  private static final int WORST = 5;

  @TempDir static Path shared;
  @TempDir Path runs;

  private static DatasetManifest manifest;
  private final Configuration hadoop = new Configuration();

  @BeforeAll
  static void writeDataset() throws IOException {
    manifest = TinyDataset.writeSeveral(shared, 240, 100);
  }

  private TrainingSettings settings(String... more) {
    return Runs.settings(
        shared,
        runs,
        List.of(
            "model.name=lenet5",
            "loss.function=binary-cross-entropy",
            "loss.label-smoothing=0.1",
            "augment.mix=mixup",
            "augment.mix-alpha=0.2",
            "train.epochs=12",
            "train.global-batch=24",
            "train.lane-batch=4",
            "schedule.base-lr=0.4",
            "schedule.warmup-epochs=0.5",
            "evaluate.batch=16",
            "evaluate.worst-mistakes=" + WORST,
            "data.shuffle-window-samples=40",
            "checkpoint.keep-last=9"),
        more);
  }

  private Evaluation evaluate(TrainingPlan plan, LaneNetwork network, int workers) {
    Evaluator evaluator =
        new Evaluator(
            new DatasetReader(hadoop, shared.toString(), manifest, "validation"),
            plan.inputSpec(),
            new ReadAhead(1, 2),
            plan.settings().evaluate());
    List<PartialEvaluation> parts = new ArrayList<>();
    for (int worker = 0; worker < workers; worker++) {
      parts.add(evaluator.evaluate(network, worker, workers));
    }
    return PartialEvaluation.merge(manifest.split("validation"), plan.classes(), parts, WORST);
  }

  @Test
  void workersDoNotChangeABitAndTheClassesAreLearned() {
    TrainingPlan plan = TrainingPlan.of(hadoop, settings(), manifest);
    String alone = Runs.train(plan, 1, 0, plan.totalSteps());
    assertThat(Runs.train(plan, 3, 0, plan.totalSteps())).isEqualTo(alone);
    float[] parameters =
        new CheckpointStore(hadoop, plan.outputPath())
            .newest(note -> {})
            .orElseThrow()
            .parameters();
    try (LaneNetwork network =
        new LaneNetwork(plan.network(), plan.input(), plan.classes().size(), 1)) {
      Evaluation before = evaluate(plan, network, 1);
      network.writeParameters(parameters);
      assertThat(network.isMultiLabel()).isTrue();
      Evaluation one = evaluate(plan, network, 1);
      assertThat(evaluate(plan, network, 3)).usingRecursiveComparison().isEqualTo(one);
      assertThat(before.value(Metrics.MAP)).isLessThan(0.6);
      assertThat(one.value(Metrics.MAP)).isGreaterThan(0.75);
      assertThat(one.value(Metrics.LOSS)).isLessThan(before.value(Metrics.LOSS));
      agreesWithAPlainLoop(plan, network, one);
      writtenAndRead(one);
    }
  }

  /** The same figures sample by sample, with nothing of the evaluator's own. */
  private void agreesWithAPlainLoop(TrainingPlan plan, LaneNetwork network, Evaluation one) {
    DatasetReader dataset = new DatasetReader(hadoop, shared.toString(), manifest, "validation");
    double loss = 0;
    long right = 0;
    long predicted = 0;
    long positives = 0;
    int samples = 0;
    try (BlockReader blocks = dataset.openBlocks()) {
      for (int block = 0; block < dataset.blocks(); block++) {
        for (var sample : dataset.read(blocks, block)) {
          float[] pixels = new float[TinyDataset.SIDE * TinyDataset.SIDE];
          for (int i = 0; i < pixels.length; i++) {
            pixels[i] = ((sample.image()[i] & 0xFF) / 255f - 0.4f) / 0.25f;
          }
          float[] answer = network.probabilities(pixels, 1);
          for (int label = 0; label < answer.length; label++) {
            int asked = label;
            boolean isOfClass = IntStream.of(sample.labels()).anyMatch(own -> own == asked);
            loss -= Math.log(isOfClass ? answer[label] : 1 - answer[label]) / answer.length;
            predicted += answer[label] >= 0.5 ? 1 : 0;
            right += isOfClass && answer[label] >= 0.5 ? 1 : 0;
            positives += isOfClass ? 1 : 0;
          }
          samples++;
        }
      }
    }
    assertThat(samples).isEqualTo(100);
    assertThat(one.value(Metrics.LOSS)).isCloseTo(loss / samples, within(1e-5));
    assertThat(one.value(Metrics.find("micro-precision").orElseThrow()))
        .isEqualTo(right / (double) predicted);
    assertThat(one.value(Metrics.find("micro-recall").orElseThrow()))
        .isEqualTo(right / (double) positives);
  }

  private static void writtenAndRead(Evaluation one) {
    assertThat(one.confusion().classes()).isZero();
    assertThat(one.labels().worst())
        .hasSizeBetween(1, WORST)
        .allSatisfy(worst -> assertThat(worst.actual()).isNotEqualTo(worst.predicted()));
    LabelFacts facts = one.labels();
    assertThat(facts.bestThresholds())
        .hasSize(4)
        .allSatisfy(t -> assertThat(t).isBetween(0.0, 1.0));
    Evaluation read = Json.read(Json.pretty(one), Evaluation.class, "it");
    assertThat(read).usingRecursiveComparison().isEqualTo(one);
  }

  @Test
  void positiveWeightsAndATeacherTakePartAndTheNumberOfWorkersDoesNot() {
    String teacher = "loss.teacher=" + runs.resolve("teacher");
    String ones =
        "loss.positive-weights="
            + IntStream.range(0, manifest.classes().size()).mapToObj(i -> i + 2).toList();
    writeTeacher(true);
    Set<String> results = new HashSet<>();
    for (List<String> more :
        List.of(
            List.<String>of(),
            List.of("loss.positive-weights=balanced"),
            List.of(ones),
            List.of(teacher),
            List.of(ones, teacher))) {
      TrainingPlan plan = TrainingPlan.of(hadoop, settings(more.toArray(String[]::new)), manifest);
      String alone = Runs.train(plan, 1, 0, 2);
      assertThat(results.add(alone)).as("%s", more).isTrue();
      if (more.size() == 2) {
        assertThat(Runs.train(Runs.atOnce(plan, 2), 3, 0, 2)).isEqualTo(alone);
      }
    }
    writeTeacher(false);
    assertThatThrownBy(() -> TrainingPlan.of(hadoop, settings(teacher), manifest))
        .hasMessage(
            "loss.teacher %s says one class of each image, the student says any number"
                .formatted(runs.resolve("teacher")));
  }

  /** An untrained one. */
  private void writeTeacher(boolean isOfSeveral) {
    TrainingPlan plan = TrainingPlan.of(hadoop, settings(), manifest);
    try (LaneNetwork network =
        new LaneNetwork(plan.network(), plan.input(), plan.classes().size(), 5)) {
      float[] parameters = new float[network.layout().length()];
      network.readParameters(parameters);
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
      new TrainedModel(isOfSeveral ? card.with(new MultiLabel(List.of())) : card, parameters)
          .write(hadoop, runs.resolve("teacher").toString());
    }
  }

  @Test
  void whatDoesNotFitIsSaidBeforeTheRun() {
    assertThatThrownBy(
            () ->
                TrainingPlan.of(
                    hadoop, settings("loss.function=cross-entropy", "train.save=best"), manifest))
        .hasMessage(
            "the dataset at %s has any number of labels an image: loss.function is cross-entropy, allowed: binary-cross-entropy; train.best-metric is top1, allowed: map, loss"
                .formatted(shared));
  }
}
