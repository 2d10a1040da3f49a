// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf.text;

import java.util.Collection;
import java.util.List;
import java.util.stream.IntStream;

/** Lists as people write them, for messages: "a, b and c". */
public final class Words {
  private Words() {}

  /** "a", "a and b", "a, b and c"; "none" of nothing. */
  public static String and(Collection<?> things) {
    return joined(things, " and ");
  }

  /** As above. */
  public static String and(float... numbers) {
    return and(IntStream.range(0, numbers.length).mapToObj(i -> numbers[i]).toList());
  }

  /** "a", "a or b", "a, b or c"; "none" of nothing. */
  public static String or(Collection<?> things) {
    return joined(things, " or ");
  }

  /** The first of many: "a, b, c and 7 more". */
  public static String first(int most, Collection<?> things) {
    List<String> texts = texts(things);
    return texts.size() <= most
        ? and(things)
        : "%s and %d more"
            .formatted(String.join(", ", texts.subList(0, most)), texts.size() - most);
  }

  private static String joined(Collection<?> things, String last) {
    List<String> texts = texts(things);
    int end = texts.size() - 1;
    return switch (texts.size()) {
      case 0 -> "none";
      case 1 -> texts.get(0);
      default -> String.join(", ", texts.subList(0, end)) + last + texts.get(end);
    };
  }

  /** 30.0 is written 30, as in a configuration. */
  private static List<String> texts(Collection<?> things) {
    return things.stream()
        .map(
            thing ->
                thing instanceof Double number ? ValueText.plain(number) : String.valueOf(thing))
        .toList();
  }
}
