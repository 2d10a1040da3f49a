// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf.text;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** The known name nearest to a mistyped one, by edit distance. */
public final class SpellingSuggestion {
  private SpellingSuggestion() {}

  /** A ready-made ending of a sentence, empty when nothing is near. */
  public static String hint(String typed, Collection<String> known) {
    return of(typed, known).map(name -> "; did you mean " + name + "?").orElse("");
  }

  static Optional<String> of(String typed, Collection<String> known) {
    int furthest = Math.max(2, typed.length() / 3);
    return known.stream()
        .filter(name -> distance(typed, name) <= furthest || sameLeaf(typed, name))
        .min(Comparator.comparingInt((String name) -> distance(typed, name)).thenComparing(n -> n));
  }

  /** train.base-lr for schedule.base-lr: the right leaf in the wrong section. */
  private static boolean sameLeaf(String typed, String name) {
    String leaf = typed.substring(typed.lastIndexOf('.') + 1);
    return name.indexOf('.') >= 0 && name.substring(name.lastIndexOf('.') + 1).equals(leaf);
  }

  private static int distance(String a, String b) {
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substitution = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(substitution, Math.min(previous[j], row[j - 1]) + 1);
      }
      previous = row;
    }
    return previous[b.length()];
  }
}
