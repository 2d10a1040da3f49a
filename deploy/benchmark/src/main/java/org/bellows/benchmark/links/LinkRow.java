// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.links;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.bellows.driver.benchmark.Median;

/**
 * A row of the table.
 *
 * @param emptyMilliseconds of an exchange of next to nothing between all ranks, median
 * @param seconds of each kind of exchange, by round
 */
record LinkRow(LinkPlan plan, double emptyMilliseconds, Map<ExchangeKind, List<Double>> seconds) {
  private static final String CELL = "%14s";

  static String header() {
    return "%-12s %9s %8s %6s %9s".formatted("ranks", "Mbit/s", "delay ms", "loss %", "empty ms")
        + Arrays.stream(ExchangeKind.values())
            .map(kind -> CELL.formatted(kind.word() + " s"))
            .collect(Collectors.joining())
        + CELL.formatted("direct/copy")
        + CELL.formatted("by-host/copy")
        + "\n";
  }

  /** Each exchange's seconds and, behind them, its share of the cable's rate. */
  String line() {
    Link link = plan.link();
    StringBuilder line = new StringBuilder();
    line.append(
        String.format(
            Locale.ROOT,
            "%-12s %9.0f %8.1f %6.1f %9.2f",
            plan.ranks().stream().map(String::valueOf).collect(Collectors.joining("+")),
            link.megabits(),
            link.delayMilliseconds(),
            link.lossPercent(),
            emptyMilliseconds));
    for (ExchangeKind kind : ExchangeKind.values()) {
      if (!seconds.containsKey(kind)) {
        line.append(CELL.formatted("-"));
        continue;
      }
      String share = link.megabits() > 0 ? String.format(Locale.ROOT, " (%.2f)", share(kind)) : "";
      line.append(CELL.formatted(String.format(Locale.ROOT, "%.4f", median(kind)) + share));
    }
    line.append(ratio(ExchangeKind.DIRECT, ExchangeKind.COPY));
    line.append(ratio(ExchangeKind.BY_HOST, ExchangeKind.HOST_COPY));
    return line.append('\n').toString();
  }

  double median(ExchangeKind kind) {
    return Median.of(seconds.get(kind).stream().mapToDouble(Double::doubleValue).toArray());
  }

  /** Of the time that an exchange takes, the part that the cable alone would at its own rate. */
  double share(ExchangeKind kind) {
    return plan.link().seconds(kind.bytes(plan)) / median(kind);
  }

  private String ratio(ExchangeKind exchange, ExchangeKind copy) {
    return CELL.formatted(String.format(Locale.ROOT, "%.2f", beside(exchange, copy)));
  }

  /** The seconds of a copy by those of an exchange, median of the rounds' own. */
  double beside(ExchangeKind exchange, ExchangeKind copy) {
    double[] ratios = new double[seconds.get(exchange).size()];
    for (int round = 0; round < ratios.length; round++) {
      ratios[round] = seconds.get(copy).get(round) / seconds.get(exchange).get(round);
    }
    return Median.of(ratios);
  }

  static Map<ExchangeKind, List<Double>> none() {
    return new EnumMap<>(ExchangeKind.class);
  }
}
