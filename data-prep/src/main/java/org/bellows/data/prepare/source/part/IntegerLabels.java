// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.part;

import java.util.Collection;
import java.util.regex.Pattern;

/** Which labels count classes, which only look as if they did. */
public final class IntegerLabels {
  private static final int LARGEST = 999_999;
  private static final Pattern INDEX = Pattern.compile("0|[1-9][0-9]{0,5}");
  private static final Pattern DIGITS = Pattern.compile("[0-9]+");
  private static final Pattern NUMBER =
      Pattern.compile("(?i)[+-]?([0-9]+[.,]?[0-9]*|[.,][0-9]+)(e[+-]?[0-9]+)?|[+-]?(nan|inf)");

  private IntegerLabels() {}

  /** 0 to 999,999, without sign or leading zeros. */
  public static boolean isIndex(String label) {
    return INDEX.matcher(label).matches();
  }

  /** Also -1, 1.0, 007 and NaN. */
  static boolean isNumber(String label) {
    return NUMBER.matcher(label).matches();
  }

  /** Numbers of one width that zeros fill up: 00 to 42. They are names whose order is right. */
  static boolean areZeroPadded(Collection<String> labels) {
    boolean isPadded = false;
    int width = 0;
    for (String label : labels) {
      if (DIGITS.matcher(label).matches()) {
        if (width > 0 && width != label.length()) {
          return false;
        }
        width = label.length();
        isPadded |= width > 1 && label.charAt(0) == '0';
      }
    }
    return isPadded;
  }

  /** A predicate, of a label that ought to be an index. */
  public static String problem(String label) {
    return "has label %s, expected a whole number of 0 to %d".formatted(label, LARGEST);
  }
}
