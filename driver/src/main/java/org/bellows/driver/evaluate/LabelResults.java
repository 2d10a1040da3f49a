// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.evaluate;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.bellows.worker.evaluate.Evaluation;
import org.bellows.worker.evaluate.LabelFacts;
import org.bellows.worker.evaluate.label.LabelScore;

/**
 * What the results of a command say of answers that give each sample any number of classes, beside
 * the metrics.
 */
public final class LabelResults {
  private LabelResults() {}

  /** For {@code result.json}; none where answers are of another kind. */
  public static Map<String, Object> byKey(Evaluation evaluation) {
    Map<String, Object> results = new LinkedHashMap<>();
    LabelFacts labels = evaluation.labels();
    if (labels != null) {
      Map<String, Double> byClass = new LinkedHashMap<>();
      for (LabelScore score : labels.classes()) {
        if (score.positives() > 0) {
          byClass.put(evaluation.classes().get(score.label()), score.averagePrecision());
        }
      }
      results.put("average-precision", byClass);
      results.put("classes-without-positives", labels.withoutPositives());
    }
    return results;
  }

  /** What was left out, for a line on a terminal; none where nothing was. */
  public static Optional<String> text(Evaluation evaluation) {
    LabelFacts labels = evaluation.labels();
    return labels == null || labels.withoutPositives().isEmpty()
        ? Optional.empty()
        : Optional.of(
            "%s: left out of mAP and macro means, as no image is of them: %s"
                .formatted(evaluation.split(), String.join(", ", labels.withoutPositives())));
  }
}
