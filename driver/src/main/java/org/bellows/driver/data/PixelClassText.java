// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.data;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.bellows.conf.text.PrintableText;
import org.bellows.data.manifest.LabelPixels;
import org.bellows.data.manifest.PixelClass;
import org.bellows.data.statistics.PixelFrequencies;

/** How much of a split's label maps each class of pixels takes, as a table for a terminal. */
final class PixelClassText {
  private static final String LINE = System.lineSeparator();

  private PixelClassText() {}

  /**
   * @param classes of the dataset's pixels
   * @param labels that the split's label maps hold
   */
  static String of(String split, List<PixelClass> classes, List<LabelPixels> labels) {
    Map<Integer, LabelPixels> counts =
        labels.stream().collect(Collectors.toMap(LabelPixels::label, Function.identity()));
    long all = labels.stream().mapToLong(LabelPixels::pixels).sum();
    PixelFrequencies frequencies = PixelFrequencies.of(labels, classes.size());
    boolean hasClass = frequencies.frequencies().stream().anyMatch(f -> f > 0);
    List<Double> weights = hasClass ? frequencies.medianFrequencyWeights() : List.of();
    StringBuilder text = new StringBuilder();
    text.append(line("%-28s%12s%12s%12s", "pixels, " + split, "share", "images", "median-freq"));
    for (int label = 0; label < classes.size(); label++) {
      String weight =
          hasClass && counts.containsKey(label)
              ? String.format(Locale.ROOT, "%.4f", weights.get(label))
              : "-";
      text.append(row(classes.get(label).name(), counts.get(label), all, weight));
    }
    return text.append(row("void", counts.get(PixelClass.VOID), all, "")).toString();
  }

  private static String row(String name, LabelPixels count, long all, String weight) {
    double share = count == null ? 0 : 100.0 * count.pixels() / all;
    long images = count == null ? 0 : count.pictures();
    return line("%-28s%10.3f %%%,12d%12s", PrintableText.name(name), share, images, weight);
  }

  private static String line(String format, Object... values) {
    return String.format(Locale.ROOT, format, values).stripTrailing() + LINE;
  }
}
