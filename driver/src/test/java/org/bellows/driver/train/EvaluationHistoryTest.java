package org.bellows.driver.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.bellows.conf.Settings;
import org.bellows.conf.SettingsLoader;
import org.bellows.driver.report.EpochEvaluation;
import org.junit.jupiter.api.Test;

class EvaluationHistoryTest {

  private static EvaluationHistory history(double[] top1, double[] loss, String... assignments) {
    Settings settings = new SettingsLoader().set(List.of(assignments)).load(List.of(), List.of());
    List<EpochEvaluation> evaluations = new ArrayList<>();
    for (int i = 0; i < top1.length; i++) {
      evaluations.add(new EpochEvaluation(i + 1, (i + 1) * 10L, loss[i], top1[i], 1));
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
    assertThat(history.wouldBeBest(new EpochEvaluation(3, 30, 0.1, 0.8, 1))).isFalse();
    assertThat(history.wouldBeBest(new EpochEvaluation(3, 30, 2, 0.81, 1))).isTrue();
    assertThat(
            history(new double[0], new double[0]).wouldBeBest(new EpochEvaluation(1, 10, 2, 0, 0)))
        .isTrue();
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
