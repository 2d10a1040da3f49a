// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.job;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.bellows.conf.text.Words;
import org.bellows.driver.chart.NumberText;
import org.bellows.worker.evaluate.metric.Metrics;
import org.bellows.worker.model.ModelCard;
import org.bellows.worker.model.TrainedModel;

/** The card at the top of a report, in words and rounded. */
public final class ReportFacts {
  /**
   * Figures that are elsewhere on the page, as are the metrics, with the split that they are of,
   * and figures by class.
   */
  private static final Set<String> ELSEWHERE =
      Set.of("answers-not-finite", "images-per-second", "epochs", "steps");

  private ReportFacts() {}

  /**
   * When and by what a command's result was made.
   *
   * @param finishedAt ISO 8601, such as 2026-11-29T12:39:09Z
   */
  public record Stamp(String version, String finishedAt, double seconds) {}

  public static void addModel(Map<String, String> facts, TrainedModel model) {
    ModelCard card = model.card();
    facts.put("network", card.network());
    facts.put("input", card.input().toString().replace("x", " × "));
    facts.put("parameters", NumberText.count(model.parameters().length));
    facts.put("classes", NumberText.count(card.classes().size()));
  }

  /** Sorted: read back from a file they come in another order. */
  static void addMetrics(Map<String, String> facts, Map<?, ?> metrics) {
    new TreeMap<>(metrics)
        .forEach(
            (key, value) -> {
              if (!isElsewhere(String.valueOf(key)) && value != null && !(value instanceof Map)) {
                facts.putIfAbsent(label(String.valueOf(key)), shown(String.valueOf(key), value));
              }
            });
  }

  private static boolean isElsewhere(String key) {
    return ELSEWHERE.contains(key) || Metrics.find(key).isPresent();
  }

  public static void addStamp(Map<String, String> facts, Stamp stamp) {
    facts.put("finished", stamp.finishedAt().replace('T', ' ').replace("Z", " UTC"));
    facts.put("duration", NumberText.duration(stamp.seconds()));
    facts.put("Bellows", stamp.version());
  }

  /** "data-wait-share" is "data wait share". */
  private static String label(String key) {
    return key.replace('-', ' ');
  }

  private static String shown(String key, Object value) {
    return key.endsWith("-share") && value instanceof Double share
        ? NumberText.percent(share, 1)
        : shown(value);
  }

  private static String shown(Object value) {
    if (value instanceof Double number) {
      // As a file has it, from which the page may be drawn again.
      return number.isNaN() || number.isInfinite() ? number.toString() : NumberText.decimal(number);
    }
    if (value instanceof Number whole) {
      return NumberText.count(whole.longValue());
    }
    if (value instanceof Collection<?> several) {
      return Words.and(several.stream().map(ReportFacts::shown).toList());
    }
    return String.valueOf(value);
  }
}
