// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.part;

/** Splits that a table names become parts of file names. */
public final class SplitNames {
  private static final String ALLOWED = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";

  private SplitNames() {}

  public static boolean isValid(String split) {
    return split.matches(ALLOWED);
  }

  /** A predicate. */
  public static String problem(String split) {
    return "has split \"%s\", expected letters, digits, dots and dashes".formatted(split);
  }
}
