// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.measure;

import java.util.Locale;

/** A line of the table that a measurement prints: what was measured, then columns of numbers. */
public final class RowColumns {
  private static final String FIRST = "%-24s %9s %5s %7s";
  private static final String COLUMN = " %15s";

  private final StringBuilder line;

  private RowColumns(String first) {
    this.line = new StringBuilder(first);
  }

  public static RowColumns header() {
    return new RowColumns(FIRST.formatted("network", "input", "batch", "threads"));
  }

  public static RowColumns of(String network, String input, int batch, int threads) {
    return new RowColumns(FIRST.formatted(network, input, batch, threads));
  }

  public RowColumns word(String word) {
    line.append(COLUMN.formatted(word));
    return this;
  }

  /**
   * @param format such as %.2f
   */
  public RowColumns number(String format, double value) {
    return word(String.format(Locale.ROOT, format, value));
  }

  public String line() {
    return line + System.lineSeparator();
  }
}
