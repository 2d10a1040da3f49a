// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.step;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.bellows.driver.benchmark.InterleavedRuns;

/**
 * One network's result.
 *
 * @param versions of what was measured
 * @param imagesPerSecond by contender, median of the rounds
 * @param ratios Bellows's rate to another's by the wall clock, median of the rounds' own
 * @param cpuRatios the same by processor time
 * @param losses by contender, of the first step: the same work begins with the same loss, but for
 *     dropout
 */
record StepRow(
    String network,
    String input,
    int batch,
    int threads,
    String versions,
    Map<String, Double> imagesPerSecond,
    Map<String, Double> ratios,
    Map<String, Double> cpuRatios,
    Map<String, Double> losses,
    Map<String, List<InterleavedRuns.Rate>> rounds) {

  private static final String FIRST = "%-24s %9s %5s %7s";
  private static final String COLUMN = " %15s";

  /**
   * @param others what Bellows is measured beside
   */
  static String header(List<String> others) {
    StringBuilder text = new StringBuilder(FIRST.formatted("network", "input", "batch", "threads"));
    text.append(column("bellows/s"));
    for (String other : others) {
      String name = other.replace("pytorch-", "");
      List.of(name + "/s", "ratio", "by CPU").forEach(word -> text.append(column(word)));
    }
    return text.append(System.lineSeparator()).toString();
  }

  /** Under {@link #header}. */
  String line(List<String> others) {
    StringBuilder text = new StringBuilder(FIRST.formatted(network, input, batch, threads));
    text.append(column(number(imagesPerSecond, StepWorker.BELLOWS, "%.1f")));
    for (String other : others) {
      text.append(column(number(imagesPerSecond, other, "%.1f")));
      text.append(column(number(ratios, other, "%.2f")));
      text.append(column(number(cpuRatios, other, "%.2f")));
    }
    return text.append(System.lineSeparator()).toString();
  }

  private static String column(String word) {
    return COLUMN.formatted(word);
  }

  private static String number(Map<String, Double> of, String contender, String format) {
    return String.format(Locale.ROOT, format, of.get(contender));
  }
}
