// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.part;

import java.util.Set;

/** Names of splits. Those that a source states become parts of file names. */
public final class SplitNames {
  private static final String ALLOWED = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";

  private static final Set<String> USUAL =
      Set.of("train", "training", "validation", "valid", "val", "dev", "test", "testing");

  private SplitNames() {}

  /** Whether people call splits so. */
  public static boolean isUsual(String name) {
    return USUAL.contains(name);
  }

  /** The first word of a file's name that is called as a split; the other where none is. */
  public static String inName(String file, String other) {
    for (String word : file.split("[-_.]")) {
      if (isUsual(word)) {
        return word;
      }
    }
    return other;
  }

  public static boolean isValid(String split) {
    return split.matches(ALLOWED);
  }

  /** A predicate. */
  public static String problem(String split) {
    return "has split \"%s\", expected letters, digits, dots and dashes".formatted(split);
  }
}
