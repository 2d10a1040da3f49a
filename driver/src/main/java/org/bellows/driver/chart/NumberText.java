// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.chart;

import java.math.BigDecimal;
import java.util.Locale;
import org.bellows.worker.evaluate.metric.MetricUnit;

/** Numbers as text, the same on every machine whatever its locale. */
public final class NumberText {
  public static final String NONE = "–";

  private NumberText() {}

  public static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /** A count in at most four characters, for narrow cells. */
  public static String shortCount(long value) {
    if (value < 10_000) {
      return Long.toString(value);
    }
    if (value < 1_000_000) {
      return value / 1_000 + "k";
    }
    return value / 1_000_000 + "M";
  }

  /** 0.9912 as 99.12 %, with a no-break space. */
  public static String percent(double share, int decimals) {
    return Double.isFinite(share) ? fixed(share * 100, decimals) + "\u00a0%" : NONE;
  }

  public static String fixed(double value, int decimals) {
    return Double.isFinite(value) ? String.format(Locale.ROOT, "%." + decimals + "f", value) : NONE;
  }

  /** A metric's value as pages show it: 87.10 % with a no-break space, or four digits. */
  public static String of(MetricUnit unit, double value) {
    return switch (unit) {
      case SHARE -> percent(value, 2);
      case NATS -> decimal(value);
    };
  }

  /** With a capital letter at its beginning, unless the first word has one already: mIoU. */
  public static String capitalised(String text) {
    boolean hasCapital = text.split(" ", 2)[0].chars().anyMatch(Character::isUpperCase);
    return hasCapital ? text : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }

  /** Four significant digits. */
  public static String decimal(double value) {
    if (!Double.isFinite(value)) {
      return NONE;
    }
    double magnitude = Math.abs(value);
    if (value != 0 && (magnitude < 1e-4 || magnitude >= 1e7)) {
      return scientific(value);
    }
    if (magnitude >= 1000) {
      return String.format(Locale.ROOT, "%,.0f", value);
    }
    return value == 0 ? "0" : String.format(Locale.ROOT, "%.4g", value);
  }

  /** Such as "15.2 s", "4 min 52 s", "1 h 2 min". */
  public static String duration(double seconds) {
    if (!Double.isFinite(seconds)) {
      return NONE;
    }
    if (seconds < 60) {
      return fixed(seconds, 1) + "\u00a0s";
    }
    long whole = Math.round(seconds);
    return whole < 3600
        ? "%d\u00a0min %d\u00a0s".formatted(whole / 60, whole % 60)
        : "%d\u00a0h %d\u00a0min".formatted(whole / 3600, whole % 3600 / 60);
  }

  /** A number that a person wrote, as a person would: 0.001 and not 1.0E-3 or 0.001000. */
  public static String plain(double value) {
    return Double.isFinite(value)
        ? BigDecimal.valueOf(value).stripTrailingZeros().toPlainString()
        : NONE;
  }

  /** 0.00002 as 2e-5. */
  public static String scientific(double value) {
    String text = String.format(Locale.ROOT, "%.1e", value);
    int exponentAt = text.indexOf('e');
    String mantissa = text.substring(0, exponentAt).replace(".0", "");
    return mantissa + "e" + Integer.parseInt(text.substring(exponentAt + 1).replace("+", ""));
  }

  /** A place in a drawing, to a tenth of a pixel: finer cannot be seen and only costs bytes. */
  public static String coordinate(double value) {
    long tenths = Math.round(value * 10);
    if (tenths % 10 == 0) {
      return Long.toString(tenths / 10);
    }
    String sign = tenths < 0 ? "-" : "";
    return sign + Math.abs(tenths) / 10 + "." + Math.abs(tenths) % 10;
  }
}
