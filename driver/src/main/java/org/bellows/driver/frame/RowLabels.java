// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.frame;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.bellows.data.prepare.source.part.LabelRule;

/**
 * The labels of a row.
 *
 * @param labels as text; null: none
 * @param problem null, or why they are refused, as a predicate
 */
public record RowLabels(List<String> labels, String problem) {
  private static final RowLabels NONE = new RowLabels(null, null);

  /**
   * @param index of the label's column; -1: there is none
   * @param length of a vector; -1: any
   */
  static RowLabels of(Row row, int index, int length, LabelRule rule) {
    if (index < 0 || row.isNullAt(index)) {
      return NONE;
    }
    if (row.get(index) instanceof Vector vector) {
      return ofVector(vector.toArray(), length);
    }
    boolean isList = row.schema().apply(index).dataType() instanceof ArrayType;
    return isList ? ofList(row.getList(index)) : ofValue(row.get(index), rule);
  }

  /**
   * Of a column of arrays, or of vectors of 0 and 1.
   *
   * @param index of the label's column
   */
  public static RowLabels ofSeveral(Row row, int index) {
    return of(row, index, -1, new LabelRule(true, "|"));
  }

  private static RowLabels ofValue(Object value, LabelRule rule) {
    String label = text(value);
    if (label == null) {
      return bad("has label %s, expected a whole number".formatted(value));
    }
    return label.isBlank() && !rule.areSeveral() ? NONE : new RowLabels(rule.of(label), null);
  }

  private static RowLabels ofList(List<?> values) {
    List<String> labels = new ArrayList<>();
    for (Object value : values) {
      String label = value == null ? null : text(value);
      if (label == null) {
        return bad("has %s among its labels, expected text or whole numbers".formatted(value));
      }
      labels.add(label);
    }
    return new RowLabels(LabelRule.cleaned(labels), null);
  }

  /** Multi-hot: 1 in the place of each class that the row has, else 0. */
  private static RowLabels ofVector(double[] values, int length) {
    if (length >= 0 && values.length != length) {
      return bad(
          "has %d numbers in its vector of labels, expected %d, as its column says"
              .formatted(values.length, length));
    }
    List<String> labels = new ArrayList<>();
    for (int label = 0; label < values.length; label++) {
      if (values[label] != 0 && values[label] != 1) {
        return bad("has %s in its vector of labels, expected 0 or 1".formatted(values[label]));
      }
      if (values[label] == 1) {
        labels.add(Integer.toString(label));
      }
    }
    return new RowLabels(LabelRule.cleaned(labels), null);
  }

  private static RowLabels bad(String problem) {
    return new RowLabels(null, problem);
  }

  /** Null where a number is not whole. */
  private static String text(Object value) {
    if (value instanceof Double || value instanceof Float) {
      double number = ((Number) value).doubleValue();
      return number == Math.rint(number) && Math.abs(number) < 1e15
          ? Long.toString((long) number)
          : null;
    }
    if (value instanceof BigDecimal number) {
      return number.stripTrailingZeros().scale() <= 0 ? number.toBigInteger().toString() : null;
    }
    return value.toString();
  }
}
