package org.bellows.driver.retrain;

import static org.assertj.core.api.Assertions.assertThat;

import org.bellows.conf.Settings.RetrainMetric;
import org.bellows.driver.registry.Score;
import org.junit.jupiter.api.Test;

class PromotionRuleTest {
  private static Score score(double top1, double top5, double loss) {
    return new Score("test", 1000, top1, top5, loss);
  }

  private static boolean promotes(
      RetrainMetric metric, double minImprovement, Score candidate, Score baseline) {
    return new PromotionRule(metric, minImprovement).judge(candidate, baseline).promotes();
  }

  @Test
  void betterIsHigherForSharesAndLowerForLoss() {
    Score old = score(0.5, 0.8, 1.5);
    assertThat(promotes(RetrainMetric.TOP1, 0, score(0.51, 0.7, 1.6), old)).isTrue();
    assertThat(promotes(RetrainMetric.TOP5, 0, score(0.51, 0.7, 1.6), old)).isFalse();
    assertThat(promotes(RetrainMetric.LOSS, 0, score(0.51, 0.7, 1.6), old)).isFalse();
    assertThat(promotes(RetrainMetric.LOSS, 0, score(0.4, 0.7, 1.4), old)).isTrue();
  }

  @Test
  void equalIsNotBetter() {
    Score old = score(0.5, 0.8, 1.5);
    assertThat(promotes(RetrainMetric.TOP1, 0, old, old)).isFalse();
    assertThat(promotes(RetrainMetric.LOSS, 0, old, old)).isFalse();
  }

  @Test
  void byAtLeastSoMuch() {
    Score old = score(0.5, 0.8, 1.5);
    assertThat(promotes(RetrainMetric.TOP1, 0.25, score(0.75, 0.8, 1.5), old)).isTrue();
    assertThat(promotes(RetrainMetric.TOP1, 0.25, score(0.7, 0.8, 1.5), old)).isFalse();
  }

  @Test
  void aLossThatIsNoNumberIsNeverBetter() {
    Score broken = score(0.5, 0.8, Double.NaN);
    assertThat(promotes(RetrainMetric.LOSS, 0, broken, score(0.5, 0.8, 1.5))).isFalse();
  }

  @Test
  void saysBothNumbers() {
    PromotionRule rule = new PromotionRule(RetrainMetric.LOSS, 0);
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
