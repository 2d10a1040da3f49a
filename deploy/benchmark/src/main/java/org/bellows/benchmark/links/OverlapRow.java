// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.links;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.bellows.driver.benchmark.Median;

/**
 * A row of the table of overlap.
 *
 * @param seconds of the slowest rank, by round
 */
record OverlapRow(LinkPlan plan, Map<PassKind, List<Double>> seconds) {
  static String header() {
    return "%-16s %7s %-8s %7s %8s".formatted("network", "samples", "ranks", "Mbit/s", "delay ms")
        + Arrays.stream(PassKind.values())
            .map(kind -> "%14s".formatted(kind.word() + " s"))
            .collect(Collectors.joining())
        + "%12s%n".formatted("hidden");
  }

  String line() {
    StringBuilder line = new StringBuilder();
    line.append(
        String.format(
            Locale.ROOT,
            "%-16s %7d %-8s %7.0f %8.1f",
            plan.network(),
            plan.samples(),
            plan.ranks().stream().map(String::valueOf).collect(Collectors.joining("+")),
            plan.link().megabits(),
            plan.link().delayMilliseconds()));
    for (PassKind kind : PassKind.values()) {
      line.append(String.format(Locale.ROOT, "%14.4f", Median.of(array(kind))));
    }
    return line.append(String.format(Locale.ROOT, "%12.2f%n", hiddenShare())).toString();
  }

  /** Of the time that sending adds to a pass, the share that it does not add where it overlaps. */
  double hiddenShare() {
    double[] pass = array(PassKind.PASS);
    double[] then = array(PassKind.THEN_SEND);
    double[] overlapped = array(PassKind.OVERLAPPED);
    return Median.of(
        IntStream.range(0, pass.length)
            .mapToDouble(i -> (then[i] - overlapped[i]) / (then[i] - pass[i]))
            .toArray());
  }

  private double[] array(PassKind kind) {
    return seconds.get(kind).stream().mapToDouble(Double::doubleValue).toArray();
  }
}
