package org.bellows.driver.retrain;

import java.util.Locale;
import org.bellows.conf.Settings.RetrainMetric;
import org.bellows.driver.registry.Score;

/**
 * When a new version takes the place of the current one: it is better, and by at least so much. A
 * version with answers that are not finite takes no place, and loses its own to any other.
 *
 * @param minImprovement shares for top1 and top5, nats for loss
 */
public record PromotionRule(RetrainMetric metric, double minImprovement) {

  /**
   * @param why in a clause, with both numbers
   */
  public record Verdict(boolean promotes, String why) {}

  /**
   * @param baseline of the current version, on the same samples; null when there is none
   */
  public Verdict judge(Score candidate, Score baseline) {
    if (!candidate.allFinite()) {
      return new Verdict(
          false, candidate.complaint() + ": such a version never becomes the current one");
    }
    if (baseline == null) {
      return new Verdict(true, "there was no current version");
    }
    if (!baseline.allFinite()) {
      return new Verdict(
          true,
          format(
              "%s with the current version, all are with the new one (%s %.4f)",
              baseline.complaint(), name(), value(candidate)));
    }
    double before = value(baseline);
    double after = value(candidate);
    double gain = metric == RetrainMetric.LOSS ? before - after : after - before;
    boolean promotes = gain > 0 && gain >= minImprovement;
    String needed = minImprovement == 0 ? "anything" : format("%.4f or more", minImprovement);
    return new Verdict(
        promotes,
        format(
            "%s on %s (%,d images) %.4f -> %.4f: %s, needed: better by %s",
            name(), candidate.split(), candidate.samples(), before, after, compared(gain), needed));
  }

  private static String compared(double gain) {
    if (gain > 0) {
      return format("better by %.4f", gain);
    }
    return gain < 0 ? format("worse by %.4f", -gain) : "no better";
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  private String name() {
    return metric.name().toLowerCase(Locale.ROOT);
  }

  private double value(Score score) {
    return switch (metric) {
      case TOP1 -> score.top1();
      case TOP5 -> score.top5();
      case LOSS -> score.loss();
    };
  }
}
