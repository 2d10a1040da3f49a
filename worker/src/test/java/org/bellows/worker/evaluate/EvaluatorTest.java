// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.Settings;
import org.bellows.conf.load.SettingsLoader;
import org.bellows.data.batch.InputSpec;
import org.bellows.data.batch.ReadAhead;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.manifest.Split;
import org.bellows.data.shard.DatasetReader;
import org.bellows.models.graph.InputShape;
import org.bellows.models.zoo.NetworkRegistry;
import org.bellows.worker.TinyDataset;
import org.bellows.worker.evaluate.metric.ClassAnswer;
import org.bellows.worker.evaluate.metric.Metrics;
import org.bellows.worker.network.Ensemble;
import org.bellows.worker.network.LaneNetwork;
import org.bellows.worker.parallel.LaneThreads;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("instructions")
class EvaluatorTest {
  /** Not a multiple of the batch: the last batch has 3. */
  private static final int SAMPLES = 53;

  private static final int BATCH = 10;
  private static final int WORST = 4;

  @TempDir Path folder;

  private DatasetManifest manifest;
  private Evaluator evaluator;
  private InputSpec input;

  @BeforeEach
  void writeDataset() throws IOException {
    manifest = TinyDataset.write(folder, 20, SAMPLES);
    Settings settings =
        new SettingsLoader()
            .set(
                List.of(
                    "model.channels=1",
                    "model.height-pixels=12",
                    "model.width-pixels=12",
                    "evaluate.batch=" + BATCH,
                    "evaluate.worst-mistakes=" + WORST))
            .load(List.of(), List.of());
    input = InputSpec.of(settings.augment(), settings.model(), manifest.split("validation"), 1);
    DatasetReader dataset =
        new DatasetReader(new Configuration(), folder.toString(), manifest, "validation");
    evaluator = new Evaluator(dataset, input, new ReadAhead(1, 2), settings.evaluate());
  }

  private Evaluation evaluate(LaneNetwork network, int workers) {
    List<PartialEvaluation> parts = new ArrayList<>();
    for (int worker = 0; worker < workers; worker++) {
      parts.add(evaluator.evaluate(network, worker, workers));
    }
    return PartialEvaluation.merge(manifest.split("validation"), TinyDataset.CLASSES, parts, WORST);
  }

  /** Four batches at the same time, where a worker has as many. */
  private Evaluation evaluateAtOnce(LaneNetwork network, int workers) {
    List<PartialEvaluation> parts = new ArrayList<>();
    try (LaneThreads threads = new LaneThreads(4)) {
      EnsembleThreads four = EnsembleThreads.of(new Ensemble(List.of(network)), threads);
      for (int worker = 0; worker < workers; worker++) {
        parts.add(evaluator.evaluate(four, worker, workers));
      }
    }
    return PartialEvaluation.merge(manifest.split("validation"), TinyDataset.CLASSES, parts, WORST);
  }

  private static LaneNetwork network() {
    return new LaneNetwork(
        NetworkRegistry.standard().get("lenet5"), new InputShape(1, 12, 12), 4, 5);
  }

  @Test
  void countsEverySampleOnceAndTheSameForAnyNumberOfWorkers() {
    try (LaneNetwork network = network()) {
      Evaluation alone = evaluate(network, 1);
      assertThat(alone.samples()).isEqualTo(SAMPLES);
      long[] counted = {0};
      alone.confusion().forEach((actual, predicted, count) -> counted[0] += count);
      assertThat(counted[0]).isEqualTo(SAMPLES);
      assertThat(alone.notFinite()).isZero();
      for (int workers : new int[] {2, 3, 7}) {
        Evaluation shared = evaluate(network, workers);
        assertThat(evaluateAtOnce(network, workers)).usingRecursiveComparison().isEqualTo(shared);
        assertThat(shared.value(Metrics.LOSS)).isEqualTo(alone.value(Metrics.LOSS));
        assertThat(shared.value(Metrics.TOP1)).isEqualTo(alone.value(Metrics.TOP1));
        assertThat(shared.confusion()).isEqualTo(alone.confusion());
        assertThat(shared.mistakes())
            .extracting(Evaluation.Mistake::sampleId)
            .isEqualTo(alone.mistakes().stream().map(Evaluation.Mistake::sampleId).toList());
      }
    }
  }

  /** The same figures sample by sample, with nothing of the evaluator's own. */
  @Test
  void agreesWithAPlainLoopOverSingleSamples() {
    float[] pixels = TinyDataset.pixels(SAMPLES, 2);
    int[] labels = TinyDataset.labels(SAMPLES, 2);
    double loss = 0;
    int right = 0;
    try (LaneNetwork network = network()) {
      for (int i = 0; i < SAMPLES; i++) {
        float[] one = new float[144];
        for (int p = 0; p < 144; p++) {
          one[p] = ((pixels[i * 144 + p] + 1) * 127.5f / 255 - 0.4f) / 0.25f;
        }
        float[] probabilities = network.probabilities(one, 1);
        loss -= Math.log(probabilities[labels[i]]);
        right += Ranking.first(probabilities, 0, 4) == labels[i] ? 1 : 0;
      }
      Evaluation evaluation = evaluate(network, 2);
      assertThat(evaluation.value(Metrics.LOSS)).isCloseTo(loss / SAMPLES, within(1e-5));
      assertThat(evaluation.value(Metrics.TOP1)).isEqualTo(right / (double) SAMPLES);
      assertThat(evaluation.value(Metrics.TOP5)).isEqualTo(1);
    }
  }

  @Test
  void anEnsembleOfOneNetworkTwiceIsThatNetwork() {
    try (LaneNetwork network = network()) {
      Evaluation alone = evaluate(network, 2);
      List<PartialEvaluation> parts = new ArrayList<>();
      for (int worker = 0; worker < 3; worker++) {
        parts.add(evaluator.evaluate(new Ensemble(List.of(network, network)), worker, 3));
      }
      Evaluation twice =
          PartialEvaluation.merge(manifest.split("validation"), TinyDataset.CLASSES, parts, WORST);
      assertThat(twice.value(Metrics.LOSS)).isEqualTo(alone.value(Metrics.LOSS));
      assertThat(twice.confusion()).isEqualTo(alone.confusion());
    }
  }

  /** Against the average of ten plain forward passes, view by view. */
  @Test
  void tenCropAveragesTheTenAnswers() {
    Settings settings =
        new SettingsLoader()
            .set(
                List.of(
                    "model.channels=1",
                    "model.height-pixels=10",
                    "model.width-pixels=10",
                    "augment.evaluation-crop=ten-crop",
                    "augment.resize-pixels=12",
                    "evaluate.batch=25",
                    "evaluate.worst-mistakes=" + WORST))
            .load(List.of(), List.of());
    input = InputSpec.of(settings.augment(), settings.model(), manifest.split("validation"), 1);
    DatasetReader dataset =
        new DatasetReader(new Configuration(), folder.toString(), manifest, "validation");
    evaluator = new Evaluator(dataset, input, new ReadAhead(1, 2), settings.evaluate());
    float[] pixels = TinyDataset.pixels(SAMPLES, 2);
    int[] labels = TinyDataset.labels(SAMPLES, 2);
    try (LaneNetwork network =
        new LaneNetwork(
            NetworkRegistry.standard().get("resnet20-cifar"), new InputShape(1, 10, 10), 4, 5)) {
      double loss = 0;
      int right = 0;
      for (int i = 0; i < SAMPLES; i++) {
        float[] means = new float[4];
        for (int view = 0; view < 10; view++) {
          float[] probabilities = network.probabilities(view(pixels, i, view), 1);
          for (int label = 0; label < 4; label++) {
            means[label] += probabilities[label] / 10;
          }
        }
        loss -= Math.log(means[labels[i]]);
        right += Ranking.first(means, 0, 4) == labels[i] ? 1 : 0;
      }
      Evaluation evaluation = evaluate(network, 2);
      assertThat(evaluation.samples()).isEqualTo(SAMPLES);
      assertThat(evaluation.value(Metrics.LOSS)).isCloseTo(loss / SAMPLES, within(1e-5));
      assertThat(evaluation.value(Metrics.TOP1)).isEqualTo(right / (double) SAMPLES);
      assertThat(evaluation.mistakes()).hasSize(WORST);
      assertThat(evaluate(network, 3).value(Metrics.LOSS))
          .isEqualTo(evaluation.value(Metrics.LOSS));
    }
  }

  /** 12 x 12 -> 10 x 10 at (0 or 1 or 2), every other view mirrored. */
  private static float[] view(float[] pixels, int sample, int view) {
    int[] tops = {1, 0, 0, 2, 2};
    int[] lefts = {1, 0, 2, 0, 2};
    float[] out = new float[100];
    for (int row = 0; row < 10; row++) {
      for (int column = 0; column < 10; column++) {
        int from = lefts[view / 2] + (view % 2 == 0 ? column : 9 - column);
        float value = pixels[sample * 144 + (tops[view / 2] + row) * 12 + from];
        out[row * 10 + column] = ((value + 1) * 127.5f / 255 - 0.4f) / 0.25f;
      }
    }
    return out;
  }

  @Test
  void keepsTheWorstMistakesWithPictures() {
    try (LaneNetwork network = network()) {
      Evaluation evaluation = evaluate(network, 3);
      assertThat(evaluation.mistakes()).hasSize(WORST);
      assertThat(evaluation.mistakes())
          .isSortedAccordingTo((a, b) -> Double.compare(b.loss(), a.loss()));
      assertThat(evaluation.mistakes())
          .allSatisfy(
              mistake -> {
                assertThat(mistake.actual()).isNotEqualTo(mistake.predicted());
                assertThat(mistake.source()).isEqualTo("tiny#" + mistake.sampleId());
                assertThat(new String(mistake.png(), 1, 3, StandardCharsets.US_ASCII))
                    .isEqualTo("PNG");
              });
    }
  }

  @Test
  void aMissingPartIsNotPassedOver() {
    try (LaneNetwork network = network()) {
      List<PartialEvaluation> half = List.of(evaluator.evaluate(network, 0, 2));
      assertThatThrownBy(
              () ->
                  PartialEvaluation.merge(
                      manifest.split("validation"), TinyDataset.CLASSES, half, WORST))
          .hasMessage("the evaluation counted 30 samples of split validation, expected 53");
    }
  }

  @Test
  void ofEqualProbabilitiesTheLowerLabelComesFirst() {
    float[] probabilities = {0.2f, 0.3f, 0.3f, 0.2f};
    assertThat(Ranking.top(probabilities, 3)).containsExactly(1, 2, 0);
    assertThat(Ranking.rank(probabilities, 0, 4, 2)).isEqualTo(1);
    assertThat(Ranking.first(probabilities, 0, 4)).isEqualTo(1);
  }

  @Test
  void whatIsNotFiniteComesLastWhoeverElseIsThere() {
    float[] probabilities = {Float.NaN, 0.3f, Float.POSITIVE_INFINITY, 0.7f};
    assertThat(Ranking.isFinite(probabilities, 0, 4)).isFalse();
    assertThat(Ranking.isFinite(probabilities, 3, 1)).isTrue();
    assertThat(Ranking.first(probabilities, 0, 4)).isEqualTo(3);
    assertThat(Ranking.top(probabilities, 4)).containsExactly(3, 1, 0, 2);
    assertThat(Ranking.rank(probabilities, 0, 4, 0)).isEqualTo(2);
    assertThat(Ranking.rank(probabilities, 0, 4, 2)).isEqualTo(3);
  }

  /** The networks' answers: of two members one is enough to spoil them. */
  @Test
  void answersThatAreNotFiniteAreMistakesAndCounted() {
    try (LaneNetwork broken = network();
        LaneNetwork sound = network()) {
      float[] parameters = new float[broken.layout().length()];
      Arrays.fill(parameters, 1e38f);
      broken.writeParameters(parameters);
      for (List<LaneNetwork> members : List.of(List.of(broken), List.of(sound, broken))) {
        PartialEvaluation all = evaluator.evaluate(new Ensemble(members), 0, 1);
        Evaluation evaluation =
            PartialEvaluation.merge(
                manifest.split("validation"), TinyDataset.CLASSES, List.of(all), WORST);
        assertThat(evaluation.samples()).isEqualTo(SAMPLES);
        assertThat(evaluation.notFinite()).isEqualTo(SAMPLES);
        assertThat(evaluation.value(Metrics.TOP1)).isZero();
        assertThat(evaluation.value(Metrics.TOP5)).as("four classes, and yet no answer").isZero();
        assertThat(evaluation.value(Metrics.LOSS)).isNaN();
        assertThat(evaluation.confusion().count(2, 2)).isZero();
        assertThat(evaluation.mistakes())
            .extracting(Evaluation.Mistake::sampleId)
            .containsExactly(0L, 1L, 2L, 3L);
        assertThat(evaluation.mistakes())
            .allSatisfy(mistake -> assertThat(mistake.predicted()).isEqualTo(4));
      }
    }
  }

  /** One sample in 53, and the other figures are those of the others. */
  @Test
  void oneAnswerThatIsNotFiniteIsTheWorstMistake() {
    PartialEvaluation partial = new PartialEvaluation(2, 2);
    partial.count(0, new ClassAnswer(0, 0, 0, 0.5, Double.NaN));
    partial.add(mistake(1, 9));
    partial.count(0, new ClassAnswer(1, 0, 1, 0.5, Double.NaN));
    assertThat(partial.isAmongWorst(Double.NaN)).isTrue();
    partial.add(mistake(2, 30));
    partial.count(0, new ClassAnswer(1, 0, 1, 0.5, Double.NaN));
    partial.add(mistake(3, Double.NaN));
    partial.count(0, ClassAnswer.notFinite(1));
    assertThat(partial.isAmongWorst(31)).isTrue();
    assertThat(partial.isAmongWorst(29)).isFalse();
    Evaluation evaluation =
        PartialEvaluation.merge(
            new Split("test", 4, 4, List.of(), List.of(), List.of()),
            List.of("a", "b"),
            List.of(partial),
            2);
    assertThat(evaluation.value(Metrics.TOP1)).isEqualTo(0.25);
    assertThat(evaluation.value(Metrics.TOP5)).isEqualTo(0.75);
    assertThat(evaluation.notFinite()).isEqualTo(1);
    assertThat(evaluation.mistakes())
        .extracting(Evaluation.Mistake::sampleId)
        .containsExactly(3L, 2L);
  }

  private static Evaluation.Mistake mistake(long sample, double loss) {
    return new Evaluation.Mistake(sample, "tiny", 1, 0, 0.5, loss, new byte[0]);
  }
}
