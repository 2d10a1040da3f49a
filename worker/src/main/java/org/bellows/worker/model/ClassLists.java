// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.model;

import java.util.List;
import org.bellows.conf.text.Words;

/** Lists of classes in messages that say in what two of them differ. */
public final class ClassLists {
  /** More would fill the screen without being compared by eye. */
  private static final int MOST_LISTED = 20;

  private ClassLists() {}

  /**
   * The classes; of many only how many they are, and the first that the other list does not have in
   * its place.
   */
  public static String text(List<String> classes, List<String> other) {
    if (classes.size() <= MOST_LISTED && other.size() <= MOST_LISTED) {
      return Words.and(classes);
    }
    int first = firstDifference(classes, other);
    return "%d (label %d is %s)".formatted(classes.size(), first, at(classes, first));
  }

  /** The first label that means another class in each, or that one of them lacks. */
  public static int firstDifference(List<String> one, List<String> other) {
    int first = 0;
    int both = Math.min(one.size(), other.size());
    while (first < both && one.get(first).equals(other.get(first))) {
      first++;
    }
    return first;
  }

  /** The class of a label in quotes, or "missing". */
  public static String at(List<String> classes, int label) {
    return label < classes.size() ? "\"" + classes.get(label) + "\"" : "missing";
  }
}
