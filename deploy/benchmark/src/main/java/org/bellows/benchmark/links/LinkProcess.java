// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.links;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.bellows.benchmark.measure.ChildMeasurement;
import org.bellows.driver.benchmark.ChildJvm;
import org.bellows.driver.benchmark.Median;
import org.bellows.worker.files.Json;

/**
 * The process that measures one row, in a network namespace and with mounts of its own. Arguments:
 * file for the {@link LinkRow} or {@link OverlapRow}, the {@link LinkPlan} as JSON.
 */
final class LinkProcess {
  /** With fewer the compilers are not done with what moves the bytes. */
  private static final int WARM_UP_ROUNDS = 6;

  private static final int EMPTY_ROUNDS = 20;
  private static final int HEAP_MEBIBYTES = 128;

  private LinkProcess() {}

  /** Runs it for a plan. */
  static LinkRow row(LinkPlan plan) {
    return ChildMeasurement.take(
        apart(), LinkProcess.class, List.of(Json.line(plan)), LinkRow.class);
  }

  /** Likewise, for a plan with a network. */
  static OverlapRow overlapRow(LinkPlan plan) {
    return ChildMeasurement.take(
        apart(), LinkProcess.class, List.of(Json.line(plan)), OverlapRow.class);
  }

  /** A process with network and mounts of its own: with it goes all that it makes. */
  static ChildJvm apart() {
    return new ChildJvm(
        1, HEAP_MEBIBYTES, List.of("unshare", "--net", "--mount", "--propagation", "private"));
  }

  public static void main(String[] arguments) throws IOException {
    byte[] json = arguments[1].getBytes(StandardCharsets.UTF_8);
    LinkPlan plan = Json.read(json, LinkPlan.class, "the plan");
    HostNetwork network = new HostNetwork(plan.hosts(), plan.link().needsRelay());
    try (HostProcesses hosts = new HostProcesses(network, plan)) {
      if (!plan.network().isEmpty()) {
        Files.write(Path.of(arguments[0]), Json.pretty(overlapped(plan, network, hosts)));
        return;
      }
      for (int round = 0; round < WARM_UP_ROUNDS; round++) {
        for (ExchangeKind kind : ExchangeKind.of(plan)) {
          hosts.ask("take " + kind);
        }
      }
      network.set(plan.link());
      Files.write(Path.of(arguments[0]), Json.pretty(measured(plan, hosts)));
    }
  }

  private static LinkRow measured(LinkPlan plan, HostProcesses hosts) {
    double[] empty = new double[EMPTY_ROUNDS];
    for (int round = 0; round < EMPTY_ROUNDS; round++) {
      empty[round] = slowest(hosts.ask("empty"));
    }
    Map<ExchangeKind, List<Double>> seconds = LinkRow.none();
    for (int round = 0; round < plan.rounds(); round++) {
      for (ExchangeKind kind : ExchangeKind.of(plan)) {
        seconds
            .computeIfAbsent(kind, unused -> new ArrayList<>())
            .add(slowest(hosts.ask("take " + kind)));
      }
    }
    return new LinkRow(plan, Median.of(empty) * 1e3, seconds);
  }

  private static OverlapRow overlapped(LinkPlan plan, HostNetwork network, HostProcesses hosts) {
    hosts.ask("agree");
    for (PassKind kind : PassKind.values()) {
      hosts.ask("pass " + kind);
    }
    network.set(plan.link());
    Map<PassKind, List<Double>> seconds = new EnumMap<>(PassKind.class);
    for (int round = 0; round < plan.rounds(); round++) {
      for (PassKind kind : PassKind.values()) {
        seconds
            .computeIfAbsent(kind, unused -> new ArrayList<>())
            .add(slowest(hosts.ask("pass " + kind)));
      }
    }
    return new OverlapRow(plan, seconds);
  }

  private static double slowest(List<String> answers) {
    return answers.stream().mapToDouble(Double::parseDouble).max().orElseThrow();
  }
}
