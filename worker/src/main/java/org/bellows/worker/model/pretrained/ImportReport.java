// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.model.pretrained;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.bellows.conf.text.Words;

/**
 * The result of an import for each array of a file, and each of the network's.
 *
 * @param network name
 * @param file where the weights come from
 * @param format of the file
 * @param source whose names the file uses
 * @param matched arrays that were taken over, in the network's order
 * @param missing arrays of the network that the file lacks
 * @param wrongShape arrays that are there, with another shape
 * @param unexpected arrays of the file that the network lacks
 * @param leftOut arrays of the file that were not wanted: counters, and the head where a new one is
 *     asked for
 * @param initial arrays of the network that keep their random start: a new head, auxiliary heads
 *     that the file lacks
 * @param remarks in what the two networks differ
 */
public record ImportReport(
    String network,
    String file,
    String format,
    String source,
    List<Matched> matched,
    List<Missing> missing,
    List<WrongShape> wrongShape,
    List<Unexpected> unexpected,
    List<String> leftOut,
    List<String> initial,
    List<String> remarks) {

  /**
   * @param parameter of the network
   * @param array of the file
   * @param type of its elements in the file
   */
  public record Matched(String parameter, String array, long[] shape, String type) {}

  /**
   * @param array the name that it should have; empty where the source has no such layer
   */
  public record Missing(String parameter, String array, long[] shape) {}

  public record WrongShape(String parameter, String array, long[] expected, long[] actual) {}

  public record Unexpected(String array, long[] shape) {}

  /** Whether the network holds the file's weights and nothing was left over. */
  public boolean isComplete() {
    return missing.isEmpty() && wrongShape.isEmpty() && unexpected.isEmpty() && !matched.isEmpty();
  }

  /** One sentence for a person. */
  public String summary() {
    if (isComplete()) {
      return "%s: all %d arrays of %s matched by %s's names"
          .formatted(file, matched.size(), network, source);
    }
    List<String> parts = new ArrayList<>();
    parts.add("%d arrays matched".formatted(matched.size()));
    if (!missing.isEmpty()) {
      Missing first = missing.get(0);
      parts.add(
          "%d missing (first: %s %s)"
              .formatted(missing.size(), first.array(), Arrays.toString(first.shape())));
    }
    if (!wrongShape.isEmpty()) {
      WrongShape first = wrongShape.get(0);
      parts.add(
          "%d of another shape (first: %s, expected %s, actual %s)"
              .formatted(
                  wrongShape.size(),
                  first.array(),
                  Arrays.toString(first.expected()),
                  Arrays.toString(first.actual())));
    }
    if (!unexpected.isEmpty()) {
      parts.add(
          "%d unexpected (first: %s)".formatted(unexpected.size(), unexpected.get(0).array()));
    }
    return "%s does not fit %s by %s's names: %s"
        .formatted(file, network, source, Words.and(parts));
  }

  /** A line for each array. */
  public String table() {
    StringBuilder table = new StringBuilder();
    for (Matched row : matched) {
      line(table, "matched", row.parameter(), row.array(), shape(row.shape()) + " " + row.type());
    }
    for (Missing row : missing) {
      line(table, "MISSING", row.parameter(), row.array(), shape(row.shape()));
    }
    for (WrongShape row : wrongShape) {
      String shapes = "expected " + shape(row.expected()) + ", actual " + shape(row.actual());
      line(table, "WRONG SHAPE", row.parameter(), row.array(), shapes);
    }
    for (Unexpected row : unexpected) {
      line(table, "UNEXPECTED", "", row.array(), shape(row.shape()));
    }
    leftOut.forEach(array -> line(table, "left out", "", array, ""));
    initial.forEach(parameter -> line(table, "initial", parameter, "", ""));
    remarks.forEach(remark -> table.append("remark: ").append(remark).append('\n'));
    return table.toString();
  }

  private static String shape(long[] shape) {
    return Arrays.toString(shape);
  }

  private static void line(StringBuilder table, String... cells) {
    Object[] columns = cells;
    String row = String.format(Locale.ROOT, "%-11s  %-32s  %-44s  %s", columns);
    table.append(row.stripTrailing()).append('\n');
  }
}
