// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf.text;

import java.math.BigDecimal;
import java.util.Locale;

/** Values as they are written in a configuration. */
public final class ValueText {
  private ValueText() {}

  /** The configuration's spelling of a constant: RANDOM_RESIZED is random-resized. */
  public static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Without an exponent, and without a fraction where there is none. */
  public static String plain(double value) {
    if (!Double.isFinite(value)) {
      return Double.toString(value);
    }
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
  }
}
