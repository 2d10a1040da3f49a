// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.mask;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.bellows.conf.text.Words;
import org.bellows.data.manifest.PixelClass;

/** Which values a mask holds, and what to say of those that mean nothing under the rules. */
final class ValueCounts {
  private static final int SHOWN = 5;

  /** A list with more values is not meant by a user. */
  private static final int FEW = 16;

  private final MaskRules rules;
  private final int[] pixels;

  /**
   * @param pixels of each value
   */
  ValueCounts(MaskRules rules, int[] pixels) {
    this.rules = rules;
    this.pixels = pixels;
  }

  /**
   * @throws MaskRefusedException with the values that mean nothing, what is allowed, and the
   *     settings that would help
   */
  void requireLabels() throws MaskRefusedException {
    List<Integer> present = new ArrayList<>();
    List<Integer> bad = new ArrayList<>();
    for (int value = 0; value < pixels.length; value++) {
      if (pixels[value] > 0 && rules.label(value) != PixelClass.VOID) {
        present.add(value);
        if (rules.label(value) == MaskRules.NONE) {
          bad.add(value);
        }
      }
    }
    if (!bad.isEmpty()) {
      String advice = String.join("; ", advice(present, bad));
      throw new MaskRefusedException(
          "holds %s; allowed: %s%s"
              .formatted(shown(bad), allowed(), advice.isEmpty() ? "" : "; " + advice));
    }
  }

  private String shown(List<Integer> bad) {
    // The largest tells most: 255 of void, the number of classes of labels that begin at 1.
    List<Integer> last = bad.subList(Math.max(0, bad.size() - SHOWN), bad.size());
    String values =
        last.stream()
            .map(value -> String.format(Locale.ROOT, "%d (%,d pixels)", value, pixels[value]))
            .collect(Collectors.joining(", "));
    String more = bad.size() > SHOWN ? " and %d smaller ones".formatted(bad.size() - SHOWN) : "";
    return (bad.size() == 1 ? "a value that is no label: " : "values that are no labels: ")
        + values
        + more;
  }

  private String allowed() {
    String allowed;
    if (!rules.values().isEmpty()) {
      allowed = "%s (source.mask-values)".formatted(Words.and(rules.values()));
    } else if (rules.classes().isEmpty()) {
      allowed = "0 to %d".formatted(rules.labels() - 1);
    } else {
      int classes = rules.classes().size();
      allowed = "0 to %d (%d pixel classes)".formatted(classes - 1, classes);
    }
    String shift =
        rules.shift() == 0 ? "" : " after source.mask-shift = %d".formatted(rules.shift());
    return allowed
        + shift
        + (rules.voids().isEmpty() ? "" : ", void: %s".formatted(Words.and(rules.voids())));
  }

  private List<String> advice(List<Integer> present, List<Integer> bad) {
    List<String> advice = new ArrayList<>();
    boolean isShifted = rules.shift() != 0;
    if (isShifted && bad.get(0) + rules.shift() < 0) {
      advice.add(
          "source.mask-shift = %d takes these below 0: leave it out, or if they are void set source.mask-void=%s"
              .formatted(rules.shift(), voids(bad)));
      return advice;
    }
    boolean isFromOne = !present.contains(0) && bad.get(bad.size() - 1) == rules.labels();
    if (isFromOne && !isShifted && rules.values().isEmpty()) {
      advice.add("source.mask-shift=-1 if labels are counted from 1");
    }
    boolean isList = !isShifted && rules.values().isEmpty() && present.size() <= FEW;
    boolean isOfTwo = present.size() <= 2 && bad.size() == 1 && bad.get(0) == 255;
    if (isOfTwo && isList) {
      advice.add("source.mask-values=[0, 255] if 255 is class 1");
    } else if (isList && bad.size() > 1) {
      advice.add(
          "source.mask-values=%s if these are the classes in their order".formatted(present));
    }
    if (bad.size() == 1) {
      advice.add("source.mask-void=%s if it is void".formatted(voids(bad)));
    }
    return advice;
  }

  private List<Integer> voids(List<Integer> more) {
    List<Integer> voids = new ArrayList<>(rules.voids());
    voids.addAll(more);
    return voids;
  }
}
