// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.retrain;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.bellows.driver.registry.Score;
import org.bellows.driver.report.MetricFixtures;
import org.bellows.worker.evaluate.metric.Metric;
import org.bellows.worker.evaluate.metric.Metrics;
import org.bellows.worker.files.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PromotionRuleTest {
  private static Score score(double top1, double top5, double loss) {
    return MetricFixtures.score("test", 1000, top1, top5, loss, 0);
  }

  private static boolean promotes(
      Metric metric, double minImprovement, Score candidate, Score baseline) {
    return new PromotionRule(metric, minImprovement).judge(candidate, baseline).promotes();
  }

  @Test
  void betterIsHigherForSharesAndLowerForLoss() {
    Score old = score(0.5, 0.8, 1.5);
    assertThat(promotes(Metrics.TOP1, 0, score(0.51, 0.7, 1.6), old)).isTrue();
    assertThat(promotes(Metrics.TOP5, 0, score(0.51, 0.7, 1.6), old)).isFalse();
    assertThat(promotes(Metrics.LOSS, 0, score(0.51, 0.7, 1.6), old)).isFalse();
    assertThat(promotes(Metrics.LOSS, 0, score(0.4, 0.7, 1.4), old)).isTrue();
  }

  @Test
  void equalIsNotBetter() {
    Score old = score(0.5, 0.8, 1.5);
    assertThat(promotes(Metrics.TOP1, 0, old, old)).isFalse();
    assertThat(promotes(Metrics.LOSS, 0, old, old)).isFalse();
  }

  @Test
  void byAtLeastSoMuch() {
    Score old = score(0.5, 0.8, 1.5);
    assertThat(promotes(Metrics.TOP1, 0.25, score(0.75, 0.8, 1.5), old)).isTrue();
    assertThat(promotes(Metrics.TOP1, 0.25, score(0.7, 0.8, 1.5), old)).isFalse();
  }

  private static final Score BROKEN = MetricFixtures.score("test", 1000, 0.9, 0.95, Double.NaN, 7);

  /** Written before such answers were counted, and before they counted as mistakes. */
  private static final Score OLD_AND_BROKEN = score(1, 1, Double.NaN);

  private static List<Metric> metrics() {
    return Metrics.all();
  }

  @ParameterizedTest
  @MethodSource("metrics")
  void answersThatAreNotFiniteTakeNoPlaceAndLoseTheirs(Metric metric) {
    Score sound = score(0.1, 0.5, 2.5);
    for (Score broken : List.of(BROKEN, OLD_AND_BROKEN)) {
      assertThat(promotes(metric, 0, broken, sound)).isFalse();
      assertThat(promotes(metric, 0, broken, broken)).isFalse();
      assertThat(promotes(metric, 0, broken, null)).as("nothing to replace").isFalse();
      assertThat(promotes(metric, 0.2, sound, broken)).isTrue();
    }
  }

  @Test
  void scoresOfOlderVersionsAreRead() {
    String score =
        "{\"loss\":\"NaN\",\"samples\":1000,\"split\":\"test\",\"top1\":1.0,\"top5\":1.0}";
    assertThat(Json.read(score.getBytes(StandardCharsets.UTF_8), Score.class, "version.json"))
        .isEqualTo(OLD_AND_BROKEN);
    assertThat(Json.line(BROKEN)).contains("\"loss\":null", "\"notFinite\":7");
  }

  @Test
  void saysThatAnswersAreNotFinite() {
    PromotionRule rule = new PromotionRule(Metrics.TOP1, 0);
    assertThat(rule.judge(BROKEN, null).why())
        .isEqualTo(
            "7 of 1,000 answers on test are not finite: such a version never becomes the current"
                + " one");
    assertThat(rule.judge(score(0.25, 0.5, 2), BROKEN).why())
        .isEqualTo(
            "7 of 1,000 answers on test are not finite with the current version, all are with the"
                + " new one (top1 0.2500)");
    assertThat(rule.judge(OLD_AND_BROKEN, null).why())
        .startsWith("the loss on test is not finite: ");
  }

  @Test
  void saysBothNumbers() {
    PromotionRule rule = new PromotionRule(Metrics.LOSS, 0);
    assertThat(rule.judge(score(0.5, 0.8, 1.75), score(0.5, 0.8, 1.5)).why())
        .isEqualTo(
            "loss on test (1,000 images) 1.5000 -> 1.7500: worse by 0.2500, needed: better by"
                + " anything");
    assertThat(rule.judge(score(0.5, 0.8, 1.5), score(0.5, 0.8, 1.5)).why())
        .contains("1.5000 -> 1.5000: no better, needed");
    assertThat(rule.judge(score(0.5, 0.8, 1.5), null).why())
        .isEqualTo("there was no current version");
  }
}
