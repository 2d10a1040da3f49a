// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.step;

import java.util.List;
import java.util.Map;
import org.bellows.benchmark.measure.RowColumns;
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

  /**
   * @param others what Bellows is measured beside
   */
  static String header(List<String> others) {
    RowColumns columns = RowColumns.header().word("bellows/s");
    for (String other : others) {
      columns.word(other.replace("pytorch-", "") + "/s").word("ratio").word("by CPU");
    }
    return columns.line();
  }

  /** Under {@link #header}. */
  String line(List<String> others) {
    RowColumns columns = RowColumns.of(network, input, batch, threads);
    columns.number("%.1f", imagesPerSecond.get(StepWorker.BELLOWS));
    for (String other : others) {
      columns
          .number("%.1f", imagesPerSecond.get(other))
          .number("%.2f", ratios.get(other))
          .number("%.2f", cpuRatios.get(other));
    }
    return columns.line();
  }
}
