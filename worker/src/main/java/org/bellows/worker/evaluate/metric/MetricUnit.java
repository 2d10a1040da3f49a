// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.evaluate.metric;

import java.util.Locale;

/** The unit of a metric's value. */
public enum MetricUnit {
  /** 0 to 1, shown as per cent. Finite of any answers: what says nothing is no hit. */
  SHARE("%", 100, "%.2f %%", true),
  /** 0 and more, natural logarithm. Not finite where an answer is not. */
  NATS("nats", 1, "%.4f", false);

  private final String symbol;
  private final int scale;
  private final String format;
  private final boolean isAlwaysFinite;

  MetricUnit(String symbol, int scale, String format, boolean isAlwaysFinite) {
    this.symbol = symbol;
    this.scale = scale;
    this.format = format;
    this.isAlwaysFinite = isAlwaysFinite;
  }

  /** The text in brackets after a title. */
  public String symbol() {
    return symbol;
  }

  /** The factor of a value where the symbol is shown. */
  public int scale() {
    return scale;
  }

  public boolean isAlwaysFinite() {
    return isAlwaysFinite;
  }

  /** For a line on a terminal, such as "87.10 %"; "not finite" where it is not. */
  public String text(double value) {
    return Double.isFinite(value)
        ? String.format(Locale.ROOT, format, scale * value)
        : "not finite";
  }
}
