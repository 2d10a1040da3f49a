// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.text;

import java.text.Normalizer;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Names that look the same and are not: Unicode can write an a with two dots as one character or as
 * two (Unicode Standard Annex 15). They stay two names, and a message says so.
 */
public final class UnicodeSpelling {
  private final Map<String, String> known = new HashMap<>();

  /** For looking up names in another spelling. */
  public UnicodeSpelling(Collection<String> names) {
    names.forEach(name -> known.putIfAbsent(composed(name), name));
  }

  /** The known name that is the given one in another spelling, or null. */
  public String other(String name) {
    String found = known.get(composed(name));
    return name.equals(found) ? null : found;
  }

  /** How known names differ from an unknown one: "does not", or how they are spelled. */
  public static String lacking(String name, Collection<String> known) {
    String other = new UnicodeSpelling(known).other(name);
    return other == null
        ? "does not"
        : "has in another Unicode spelling only: " + both(name, other);
  }

  /** The name in Unicode's composed form, NFC. */
  public static String composed(String name) {
    return Normalizer.normalize(name, Normalizer.Form.NFC);
  }

  /**
   * The first two of the names that differ in their spelling alone.
   *
   * @return both, for messages; empty when there are none
   */
  public static Optional<String> pair(Collection<String> names) {
    Map<String, String> seen = new HashMap<>();
    for (String name : names) {
      String other = seen.putIfAbsent(composed(name), name);
      if (other != null && !other.equals(name)) {
        return Optional.of(both(other, name));
      }
    }
    return Optional.empty();
  }

  /** Two names with the characters by which they differ: {@code "x" (with U+00E4) and ...}. */
  public static String both(String one, String other) {
    int same = 0;
    while (same < Math.min(one.length(), other.length())
        && one.charAt(same) == other.charAt(same)) {
      same++;
    }
    return "\"%s\" (with %s) and \"%s\" (with %s)"
        .formatted(one, codes(one, same), other, codes(other, same));
  }

  private static String codes(String name, int from) {
    StringBuilder codes = new StringBuilder();
    name.substring(Math.min(from, name.length()))
        .codePoints()
        .limit(2)
        .forEach(code -> codes.append(codes.isEmpty() ? "" : " ").append("U+%04X".formatted(code)));
    return codes.toString();
  }
}
