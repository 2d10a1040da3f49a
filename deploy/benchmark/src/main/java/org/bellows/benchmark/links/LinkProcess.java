// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.links;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bellows.benchmark.measure.ChildMeasurement;
import org.bellows.driver.benchmark.ChildJvm;
import org.bellows.driver.benchmark.Median;
import org.bellows.worker.files.Json;

/**
 * The process that measures one row, in a network namespace and with mounts of its own. Arguments:
 * file for the {@link LinkRow}, the {@link LinkPlan} as JSON; or file for {@link OverlapRow.Rows},
 * the first {@link LinkPlan}, all {@link Plans}.
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

  /**
   * Likewise, for plans with the same ranks and the same network.
   *
   * @param plans those with computed passes first
   */
  static List<OverlapRow> overlapRows(List<LinkPlan> plans) {
    return ChildMeasurement.take(
            apart(),
            LinkProcess.class,
            List.of(Json.line(plans.get(0)), Json.line(new Plans(plans))),
            OverlapRow.Rows.class)
        .all();
  }

  /** The rows that one process measures. */
  record Plans(List<LinkPlan> all) {}

  /** A process with network and mounts of its own: with it goes all that it makes. */
  static ChildJvm apart() {
    return new ChildJvm(
        1, HEAP_MEBIBYTES, List.of("unshare", "--net", "--mount", "--propagation", "private"));
  }

  public static void main(String[] arguments) throws IOException {
    LinkPlan plan = Json.read(bytes(arguments[1]), LinkPlan.class, "the plan");
    if (!plan.network().isEmpty()) {
      List<LinkPlan> plans = Json.read(bytes(arguments[2]), Plans.class, "the plans").all();
      Files.write(Path.of(arguments[0]), Json.pretty(new OverlapRow.Rows(measured(plans))));
      return;
    }
    HostNetwork network = new HostNetwork(plan.hosts(), plan.link().needsRelay());
    try (HostProcesses hosts = new HostProcesses(network, plan)) {
      for (int round = 0; round < WARM_UP_ROUNDS; round++) {
        for (ExchangeKind kind : ExchangeKind.of(plan)) {
          hosts.ask("take " + kind);
        }
      }
      network.set(plan.link());
      Files.write(Path.of(arguments[0]), Json.pretty(measured(plan, hosts)));
    }
  }

  private static List<OverlapRow> measured(List<LinkPlan> plans) {
    LinkPlan first = plans.get(0);
    boolean isRelayed = plans.stream().anyMatch(plan -> plan.link().needsRelay());
    HostNetwork network = new HostNetwork(first.hosts(), isRelayed);
    try (HostProcesses hosts = new HostProcesses(network, first)) {
      return OverlapRow.measure(plans, network, hosts);
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

  private static byte[] bytes(String json) {
    return json.getBytes(StandardCharsets.UTF_8);
  }

  static double slowest(List<String> answers) {
    return answers.stream().mapToDouble(Double::parseDouble).max().orElseThrow();
  }
}
