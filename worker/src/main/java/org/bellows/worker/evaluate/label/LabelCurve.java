// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.evaluate.label;

import java.io.Serializable;
import java.util.List;

/**
 * Points of the precision-recall curve of a class, by rising recall.
 *
 * @param recall 0 to 1
 * @param precision 0 to 1, as many
 */
public record LabelCurve(int label, List<Double> recall, List<Double> precision)
    implements Serializable {
  public LabelCurve {
    recall = List.copyOf(recall);
    precision = List.copyOf(precision);
  }

  static LabelCurve of(int label, List<PrecisionRecallCurve.Point> points) {
    return new LabelCurve(
        label,
        points.stream().map(PrecisionRecallCurve.Point::recall).toList(),
        points.stream().map(PrecisionRecallCurve.Point::precision).toList());
  }
}
