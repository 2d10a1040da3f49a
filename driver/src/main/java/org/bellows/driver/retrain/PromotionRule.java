// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.retrain;

import java.util.Locale;
import org.bellows.driver.registry.Score;
import org.bellows.worker.evaluate.metric.Metric;

/**
 * When a new version takes the place of the current one: it is better, and by at least so much. A
 * version with answers that are not finite takes no place, and loses its own to any other.
 *
 * @param minImprovement in the metric's unit
 */
public record PromotionRule(Metric metric, double minImprovement) {

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
              baseline.complaint(), metric.name(), candidate.value(metric)));
    }
    double before = baseline.value(metric);
    double after = candidate.value(metric);
    double gain = metric.gain(before, after);
    boolean promotes = gain > 0 && gain >= minImprovement;
    String needed = minImprovement == 0 ? "anything" : format("%.4f or more", minImprovement);
    return new Verdict(
        promotes,
        format(
            "%s on %s (%,d images) %.4f -> %.4f: %s, needed: better by %s",
            metric.name(),
            candidate.split(),
            candidate.samples(),
            before,
            after,
            compared(gain),
            needed));
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
}
