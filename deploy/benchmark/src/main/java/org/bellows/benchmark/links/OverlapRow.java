// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.links;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.bellows.driver.benchmark.Median;
import org.bellows.models.network.FlatLayout;
import org.bellows.worker.collective.Hosts;
import org.bellows.worker.collective.reduce.SentFloats;
import org.bellows.worker.collective.reduce.Sharding;
import org.bellows.worker.engine.StepVector;

/** A row of the table of overlap. */
record OverlapRow(LinkPlan plan, List<Round> rounds) {
  /** Rows that one process measures. */
  record Rows(List<OverlapRow> all) {}

  /** What is sent after a pass. */
  private static final List<PassKind> SENT =
      List.of(PassKind.THEN_COPY, PassKind.THEN_SEND, PassKind.THEN_BUCKETS);

  /** What the columns mean. */
  static final String LEGEND =
      """
      can cover: seconds from the first gradient that is final in a pass to the pass's end
      link:      what the busiest link takes at its own rate
      at rate:   that by what plain sockets, one vector and the buckets take after the pass
      cpu:       seconds of processor time that these three add to a pass, of all hosts and of what
                 delays frames
      hidden:    (then-send - overlapped) / the smaller of "can cover" and (then-send - pass);
                 - where a round waited for nothing
      replayed:  the moments, in processor time, at which gradients became final in a pass that the
                 first rank computed alone; passes sleep from one to the next, and the exchange
                 is real
      """;

  /**
   * One of each kind of pass.
   *
   * @param seconds of the slowest rank
   * @param processorSeconds of all processes
   * @param coverSeconds for which the pass without an exchange could have hidden one
   */
  record Round(
      Map<PassKind, Double> seconds, Map<PassKind, Double> processorSeconds, double coverSeconds) {
    /** Seconds that sending after the pass adds to it. */
    double wait(PassKind kind) {
      return seconds.get(kind) - seconds.get(PassKind.PASS);
    }

    /** Seconds of processor time that sending after the pass adds to it. */
    double processor(PassKind kind) {
      return processorSeconds.get(kind) - processorSeconds.get(PassKind.PASS);
    }

    /** Not a number where there was nothing to hide. */
    double hiddenShare() {
      double without = wait(PassKind.THEN_SEND);
      double most = Math.min(coverSeconds, without);
      return most > 0 ? (without - wait(PassKind.OVERLAPPED)) / most : Double.NaN;
    }
  }

  /**
   * Measures rows with the same ranks and the same network.
   *
   * @param plans those with computed passes first
   */
  static List<OverlapRow> measure(List<LinkPlan> plans, HostNetwork network, HostProcesses hosts) {
    hosts.ask("agree");
    take(hosts);
    double factor = 0;
    List<OverlapRow> rows = new ArrayList<>();
    for (LinkPlan plan : plans) {
      if (plan.replayFactor() != factor) {
        factor = plan.replayFactor();
        hosts.ask("record " + factor);
        take(hosts);
      }
      network.set(plan.link());
      List<Round> rounds = new ArrayList<>();
      for (int round = 0; round < plan.rounds(); round++) {
        rounds.add(take(hosts));
      }
      rows.add(new OverlapRow(plan, rounds));
    }
    return rows;
  }

  private static Round take(HostProcesses hosts) {
    Map<PassKind, Double> seconds = new EnumMap<>(PassKind.class);
    Map<PassKind, Double> processor = new EnumMap<>(PassKind.class);
    double cover = 0;
    for (PassKind kind : PassKind.values()) {
      double before = processorSeconds(hosts);
      seconds.put(kind, LinkProcess.slowest(hosts.ask("pass " + kind)));
      processor.put(kind, processorSeconds(hosts) - before);
      if (kind == PassKind.PASS) {
        cover = LinkProcess.slowest(hosts.ask("cover"));
      }
    }
    return new Round(seconds, processor, cover);
  }

  private static double processorSeconds(HostProcesses hosts) {
    return HostProcess.processorSeconds()
        + hosts.ask("processor").stream().mapToDouble(Double::parseDouble).sum();
  }

  static String header() {
    return "%-16s %7s %-8s %7s %8s  %-8s"
            .formatted("network", "samples", "ranks", "Mbit/s", "delay ms", "passes")
        + Arrays.stream(PassKind.values())
            .map(kind -> "%16s".formatted(kind.word() + " s"))
            .collect(Collectors.joining())
        + "%13s%8s%9s%18s%21s%n".formatted("can cover s", "hidden", "link s", "at rate", "cpu s");
  }

  String line() {
    StringBuilder line = new StringBuilder();
    line.append(
        String.format(
            Locale.ROOT,
            "%-16s %7d %-8s %7.0f %8.1f  %-8s",
            plan.network(),
            plan.samples(),
            plan.ranks().stream().map(String::valueOf).collect(Collectors.joining("+")),
            plan.link().megabits(),
            plan.link().delayMilliseconds(),
            plan.replayFactor() > 0 ? "replayed" : "computed"));
    for (PassKind kind : PassKind.values()) {
      line.append(String.format(Locale.ROOT, "%16.4f", median(round -> round.seconds().get(kind))));
    }
    return line.append(
            String.format(
                Locale.ROOT,
                "%13.4f%8s%9s%18s%21s%n",
                median(Round::coverSeconds),
                known(median(Round::hiddenShare), 2),
                known(linkSeconds(), 4),
                ofSent(kind -> known(shareOfRate(kind), 2)),
                ofSent(kind -> known(median(round -> round.processor(kind)), 3))))
        .toString();
  }

  private static String known(double number, int digits) {
    return Double.isFinite(number) ? String.format(Locale.ROOT, "%." + digits + "f", number) : "-";
  }

  private static String ofSent(Function<PassKind, String> column) {
    return SENT.stream().map(column).collect(Collectors.joining(" "));
  }

  private double shareOfRate(PassKind kind) {
    double wait = median(round -> round.wait(kind));
    return wait > 0 ? linkSeconds() / wait : Double.NaN;
  }

  /** What the busiest link takes for the sums at its own rate; infinite without a rate. */
  double linkSeconds() {
    int length = StepVector.length(FlatLayout.of(RankPass.graph(plan)).length());
    int ranks = plan.allRanks();
    Sharding sharding = new Sharding(length, ranks, ranks, RankPass.BLOCK_FLOATS, List.of());
    Hosts hosts = plan.placement();
    long[] floats = new long[plan.hosts()];
    for (int rank = 0; rank < ranks; rank++) {
      floats[hosts.of(rank)] += SentFloats.ofSums(sharding, hosts, rank).elsewhere();
    }
    return plan.link().seconds((double) Arrays.stream(floats).max().orElseThrow() * Float.BYTES);
  }

  /** Not a number where it is not one for one of the rounds. */
  private double median(ToDoubleFunction<Round> value) {
    double[] values = rounds.stream().mapToDouble(value).toArray();
    return Arrays.stream(values).anyMatch(Double::isNaN) ? Double.NaN : Median.of(values);
  }
}
