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
  private static final String LINE = "%-15s %5s %7s %10s %10s %10s %9s %9s %9s %9s%n";

  static String header() {
    return LINE.formatted(
        "network",
        "batch",
        "threads",
        "bellows/s",
        "pytorch/s",
        "dl4j/s",
        "/pytorch",
        "by CPU",
        "/dl4j",
        "by CPU");
  }

  /** Under {@link #header}; what was not measured stays empty. */
  String line() {
    return LINE.formatted(
        network,
        batch,
        threads,
        number(imagesPerSecond, StepWorker.BELLOWS, "%.1f"),
        number(imagesPerSecond, StepWorker.PYTORCH, "%.1f"),
        number(imagesPerSecond, StepWorker.DL4J, "%.1f"),
        number(ratios, StepWorker.PYTORCH, "%.2f"),
        number(cpuRatios, StepWorker.PYTORCH, "%.2f"),
        number(ratios, StepWorker.DL4J, "%.2f"),
        number(cpuRatios, StepWorker.DL4J, "%.2f"));
  }

  private static String number(Map<String, Double> of, String contender, String format) {
    Double value = of.get(contender);
    return value == null ? "" : String.format(Locale.ROOT, format, value);
  }
}
