// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bellows.conf.Settings;
import org.bellows.conf.load.SettingsLoader;
import org.bellows.driver.report.EpochEvaluation;
import org.bellows.driver.report.MetricFixtures;
import org.bellows.worker.evaluate.metric.MetricValues;
import org.bellows.worker.evaluate.metric.Metrics;
import org.bellows.worker.files.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EvaluationHistoryTest {

  private static EvaluationHistory history(double[] top1, double[] loss, String... assignments) {
    Settings settings = new SettingsLoader().set(List.of(assignments)).load(List.of(), List.of());
    List<EpochEvaluation> evaluations = new ArrayList<>();
    for (int i = 0; i < top1.length; i++) {
      evaluations.add(MetricFixtures.epoch(i + 1, (i + 1) * 10L, loss[i], top1[i], 1, 0));
    }
    return new EvaluationHistory(settings.train(), evaluations);
  }

  @Test
  void theBestIsTheFirstOfTheHighestAccuracyOrTheLowestLoss() {
    double[] top1 = {0.5, 0.8, 0.8, 0.7};
    double[] loss = {1.5, 0.9, 0.8, 0.8};
    assertThat(history(top1, loss).best().orElseThrow().epoch()).isEqualTo(2);
    assertThat(history(top1, loss, "train.best-metric=loss").best().orElseThrow().epoch())
        .isEqualTo(3);
    assertThat(history(new double[0], new double[0]).best()).isEmpty();
  }

  @Test
  void onlyABetterOneWouldBeBest() {
    EvaluationHistory history = history(new double[] {0.5, 0.8}, new double[] {1, 1});
    assertThat(history.wouldBeBest(MetricFixtures.epoch(3, 30, 0.1, 0.8, 1, 0))).isFalse();
    assertThat(history.wouldBeBest(MetricFixtures.epoch(3, 30, 2, 0.81, 1, 0))).isTrue();
    assertThat(
            history(new double[0], new double[0])
                .wouldBeBest(MetricFixtures.epoch(1, 10, 2, 0, 0, 0)))
        .isTrue();
  }

  private static final double NAN = Double.NaN;

  /** First, in between or last, by any measure: they are chosen only among themselves. */
  @ParameterizedTest
  @ValueSource(strings = {"top1", "loss"})
  void answersThatAreNotFiniteAreNeverBestWhereAnotherIs(String metric) {
    String by = "train.best-metric=" + metric;
    double[] top1 = {1, 0.1, 0.9, 0.2, 0.95};
    double[] loss = {NAN, 2.5, NAN, 2.4, Double.NEGATIVE_INFINITY};
    assertThat(history(top1, loss, by).best().orElseThrow().epoch()).isEqualTo(4);
    double[] none = {NAN, NAN, NAN, NAN, NAN};
    assertThat(history(top1, none, by).best().orElseThrow().epoch()).isEqualTo(1);
    EvaluationHistory broken = history(new double[] {0.5}, new double[] {NAN}, by);
    assertThat(broken.wouldBeBest(MetricFixtures.epoch(2, 20, 3, 0.1, 0.5, 0))).isTrue();
    assertThat(broken.wouldBeBest(MetricFixtures.epoch(2, 20, NAN, 0.4, 1, 9))).isFalse();
    EvaluationHistory sound = history(new double[] {0.1}, new double[] {3}, by);
    assertThat(sound.wouldBeBest(MetricFixtures.epoch(2, 20, NAN, 0.9, 1, 1))).isFalse();
    assertThat(sound.wouldBeBest(MetricFixtures.epoch(2, 20, 1, 0.9, 1, 1)))
        .as("whatever the loss")
        .isFalse();
  }

  /** A finite one in epoch 3 begins the patience anew; without, it is over after epoch 3. */
  @Test
  void patienceCountsFromTheFirstOfWhichAllAreFinite() {
    double[] top1 = {0.5, 0.5, 0.1, 0.1};
    String patience = "train.early-stopping-epochs=2";
    double[] third = {NAN, NAN, 2.5, 2.5};
    assertThat(history(top1, third, patience).isOver()).isFalse();
    double[] none = {NAN, NAN, NAN};
    assertThat(history(new double[3], none, patience).isOver()).isTrue();
  }

  @Test
  void saysInWhichEvaluationsAnswersWereNotFinite() {
    assertThat(history(new double[] {1}, new double[] {1}).notFiniteNote()).isEmpty();
    List<EpochEvaluation> evaluations =
        List.of(
            MetricFixtures.epoch(1, 10, 1, 0.5, 1, 0),
            MetricFixtures.epoch(2, 20, NAN, 0.5, 1, 1200),
            MetricFixtures.epoch(3, 30, NAN, 0.5, 1, 7));
    Settings settings = new SettingsLoader().load(List.of(), List.of());
    assertThat(new EvaluationHistory(settings.train(), evaluations).notFiniteNote().orElseThrow())
        .startsWith(
            "in 2 of 3 evaluations (the first after epoch 2) the network gave answers that are not"
                + " finite (NaN or infinite), up to 1,200 of them");
  }

  /** As a run that an older Bellows began has them: a NaN was right, and no count is there. */
  @Test
  void olderLinesAreReadAndNeverBest() {
    String line = "{\"epoch\":1,\"loss\":\"NaN\",\"step\":10,\"top1\":1.0,\"top5\":1.0}";
    EpochEvaluation old =
        Json.read(line.getBytes(StandardCharsets.UTF_8), EpochEvaluation.class, "line");
    assertThat(old).isEqualTo(MetricFixtures.epoch(1, 10, NAN, 1, 1, 0));
    assertThat(old.allFinite()).isFalse();
    EpochEvaluation sound = MetricFixtures.epoch(2, 20, 2, 0.25, 1, 0);
    assertThat(
            Json.read(
                Json.line(sound).getBytes(StandardCharsets.UTF_8), EpochEvaluation.class, "line"))
        .isEqualTo(sound);
    Settings settings = new SettingsLoader().load(List.of(), List.of());
    assertThat(new EvaluationHistory(settings.train(), List.of(old, sound)).best()).contains(sound);
  }

  @Test
  void theMetricThatAnOlderBuildLacksIsWorseThanAny() {
    EpochEvaluation old = new EpochEvaluation(1, 10, MetricValues.of(Map.of(Metrics.LOSS, 0.5)), 0);
    EpochEvaluation newer = MetricFixtures.epoch(2, 20, 2, 0.1, 1, 0);
    Settings settings = new SettingsLoader().load(List.of(), List.of());
    assertThat(new EvaluationHistory(settings.train(), List.of(old)).best()).contains(old);
    assertThat(new EvaluationHistory(settings.train(), List.of(old, newer)).best()).contains(newer);
    assertThat(new EvaluationHistory(settings.train(), List.of(newer, old)).best()).contains(newer);
  }

  /** Best in epoch 2; with a patience of 3 the run is over after epoch 5. */
  @Test
  void isOverWhenPatienceIs() {
    double[] top1 = {0.5, 0.8, 0.8, 0.7, 0.79};
    double[] loss = {1, 1, 1, 1, 0.5};
    assertThat(history(top1, loss, "train.early-stopping-epochs=3").isOver()).isTrue();
    assertThat(history(top1, loss, "train.early-stopping-epochs=4").isOver()).isFalse();
    assertThat(
            history(top1, loss, "train.early-stopping-epochs=3", "train.best-metric=loss").isOver())
        .isFalse();
    assertThat(history(top1, loss).isOver()).isFalse();
    assertThat(history(new double[0], new double[0], "train.early-stopping-epochs=1").isOver())
        .isFalse();
  }
}
