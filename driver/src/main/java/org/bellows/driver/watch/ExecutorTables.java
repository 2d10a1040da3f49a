// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.watch;

import java.util.List;
import org.bellows.driver.chart.Markup;
import org.bellows.driver.chart.NumberText;
import org.bellows.worker.metrics.RankMetrics;

/** Where the time of each rank goes, and what the memory of each executor holds. */
final class ExecutorTables {
  private static final double MEBIBYTE = 1 << 20;

  private final RunState state;

  ExecutorTables(RunState state) {
    this.state = state;
  }

  void render(Markup out) {
    if (!state.ranks().isEmpty()) {
      renderRanks(out);
    }
    if (!state.readings().isEmpty()) {
      renderMemory(out);
    }
  }

  private void renderRanks(Markup out) {
    RankMetrics first = state.ranks().get(0);
    out.open("h2").text("Ranks ");
    out.element(
        "small",
        "steps "
            + NumberText.count(first.from())
            + " to "
            + NumberText.count(first.to() - 1)
            + ", shares of the time");
    out.close();
    open(
        out,
        "rank, host",
        "lanes",
        "compute",
        "collective",
        "hidden in compute",
        "data wait",
        "garbage",
        "ms / lane batch");
    for (RankMetrics rank : state.ranks()) {
      row(
          out,
          rank.rank() + ", " + rank.host(),
          List.of(
              NumberText.count(rank.lanes()),
              share(rank.computeSeconds(), rank),
              share(rank.collectiveSeconds(), rank),
              share(rank.hiddenSeconds(), rank),
              share(rank.dataWaitSeconds(), rank),
              share(rank.garbageCollectionSeconds(), rank),
              NumberText.decimal(1e3 * rank.busySecondsPerLaneBatch())));
    }
    out.close().close();
  }

  private static String share(double seconds, RankMetrics rank) {
    return NumberText.percent(seconds / rank.seconds(), 1);
  }

  private void renderMemory(Markup out) {
    out.open("h2").text("Executors' memory ").element("small", "MiB").close();
    open(out, "executor, host", "heap", "heap's limit", "native arrays", "whole process");
    for (ExecutorMemoryUsage reading : state.readings()) {
      row(
          out,
          reading.executor() + ", " + reading.host(),
          List.of(
              mebibytes(reading.heap()),
              mebibytes(reading.heapLimit()),
              mebibytes(reading.offHeap()),
              mebibytes(reading.resident())));
    }
    out.close().close();
  }

  private static String mebibytes(long bytes) {
    return NumberText.count(Math.round(bytes / MEBIBYTE));
  }

  private static void open(Markup out, String... titles) {
    out.open("section", "class", "card scroll").open("table").open("tr");
    for (String title : titles) {
      out.element("th", title);
    }
    out.close();
  }

  private static void row(Markup out, String name, List<String> values) {
    out.open("tr").element("td", name);
    values.forEach(value -> out.element("td", value));
    out.close();
  }
}
