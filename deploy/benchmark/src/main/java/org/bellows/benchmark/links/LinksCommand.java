// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.links;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bellows.conf.BellowsException;
import org.bellows.driver.benchmark.BenchmarkSubcommand;
import org.bellows.models.zoo.NetworkRegistry;
import org.bellows.worker.files.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code benchmark links}: the exchange between hosts whose links have a rate and a delay. */
@Command(
    name = "links",
    mixinStandardHelpOptions = true,
    header = "Measures the exchange over links with a rate and a delay.",
    description = {
      "Network namespaces of this machine are the hosts, each with a cable to a switch. The"
          + " exchange of a vector between all ranks is measured beside plain sockets over the same"
          + " cables, for each number of ranks with each rate and each delay. Needs root.",
      "At the end a model of the cost is fitted to all rows but one, for each, and its error"
          + " stated."
    })
public final class LinksCommand implements BenchmarkSubcommand {
  private static final int TIMEOUT_SECONDS = 120;
  private static final String COMPUTED = "computed";

  @Option(
      names = "--ranks",
      paramLabel = "N+N",
      split = ",",
      defaultValue = "1+1,4+4,1+1+1+1,4+4+4+4",
      description = "Ranks of each host, for each row (default: ${DEFAULT-VALUE}).")
  private List<String> ranks;

  @Option(
      names = "--megabits",
      paramLabel = "MBIT/S",
      split = ",",
      defaultValue = "100,1000",
      description = "Rates of the cables (default: ${DEFAULT-VALUE}); 0: none.")
  private List<Double> megabits;

  @Option(
      names = "--delays",
      paramLabel = "MS",
      split = ",",
      defaultValue = "0.2,5",
      description =
          "Delays from host to host, in milliseconds (default: ${DEFAULT-VALUE}); 0: the kernel's.")
  private List<Double> delays;

  @Option(
      names = "--loss",
      paramLabel = "PERCENT",
      defaultValue = "0",
      description = "Frames that each cable loses (default: ${DEFAULT-VALUE}).")
  private double loss;

  @Option(
      names = "--floats",
      paramLabel = "N",
      defaultValue = "1048576",
      description = "Length of the vector (default: ${DEFAULT-VALUE}).")
  private int floats;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "5",
      description = "Rounds that medians are taken of (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--network",
      paramLabel = "NAME",
      defaultValue = "",
      description =
          "Measures passes of a network, the exchange of its gradient after them, and the same"
              + " while the backward pass runs, instead of the exchange alone.")
  private String network;

  @Option(
      names = "--samples",
      paramLabel = "N",
      defaultValue = "8",
      description = "Samples of a pass of the network (default: ${DEFAULT-VALUE}).")
  private int samples;

  /** Null: not given. */
  @Option(
      names = "--passes",
      paramLabel = "KIND",
      split = ",",
      description =
          "Of the network (default: computed): computed, or replayed as on executors whose"
              + " processor is free while their device computes: the moments at which gradients"
              + " became final in a computed pass, slept through. Both may be named.")
  private List<String> passes;

  /** Null: not given. */
  @Option(
      names = "--replay-factor",
      paramLabel = "F",
      description = "How many times as long as the computed pass a replayed one is (default: 1).")
  private Double replayFactor;

  @Option(names = "--json", paramLabel = "FILE", description = "Where all numbers are written.")
  private Path json;

  @Override
  public Integer call() {
    requireFit();
    SystemCommand.missing()
        .ifPresent(
            reason -> {
              throw BellowsException.configuration("benchmark links cannot run: " + reason);
            });
    return network.isEmpty() ? measureExchange() : measureOverlap();
  }

  private void requireFit() {
    if (network.isEmpty() && (passes != null || replayFactor != null)) {
      throw BellowsException.configuration(
          "%s is for passes of a network, expected --network beside it"
              .formatted(passes != null ? "--passes" : "--replay-factor"));
    }
    boolean isKnown =
        NetworkRegistry.standard().all().stream().anyMatch(n -> n.name().equals(network));
    if (!network.isEmpty() && !isKnown) {
      throw BellowsException.configuration("--network: no network is named " + network);
    }
    boolean isReplayed = kindsOfPasses().stream().map(this::factor).anyMatch(f -> f > 0);
    if (replayFactor != null && !isReplayed) {
      throw BellowsException.configuration(
          "--replay-factor is for replayed passes, expected replayed in --passes");
    }
  }

  private List<String> kindsOfPasses() {
    return passes == null ? List.of(COMPUTED) : passes;
  }

  private int measureOverlap() {
    System.out.print(OverlapRow.header());
    List<OverlapRow> rows = new ArrayList<>();
    for (List<LinkPlan> plans : plansByRanks()) {
      List<OverlapRow> some = LinkProcess.overlapRows(plans);
      some.forEach(row -> System.out.print(row.line()));
      rows.addAll(some);
      write(rows);
    }
    System.out.print(OverlapRow.LEGEND);
    return 0;
  }

  private int measureExchange() {
    System.out.print(LinkRow.header());
    List<LinkRow> rows = new ArrayList<>();
    for (LinkPlan plan : plans()) {
      LinkRow row = LinkProcess.row(plan);
      System.out.print(row.line());
      rows.add(row);
      write(rows);
    }
    System.out.print(LinkModel.text(rows));
    return 0;
  }

  private List<LinkPlan> plans() {
    List<LinkPlan> plans = new ArrayList<>();
    for (String hosts : ranks) {
      for (Link link : links()) {
        plans.add(LinkPlan.ofExchange(ofHosts(hosts), floats, rounds, TIMEOUT_SECONDS, link));
      }
    }
    return plans;
  }

  /** Those with computed passes first. */
  private List<List<LinkPlan>> plansByRanks() {
    List<List<LinkPlan>> all = new ArrayList<>();
    for (String hosts : ranks) {
      List<LinkPlan> plans = new ArrayList<>();
      for (String kind : kindsOfPasses().stream().sorted().toList()) {
        for (Link link : links()) {
          plans.add(
              new LinkPlan(
                  ofHosts(hosts),
                  1,
                  rounds,
                  TIMEOUT_SECONDS,
                  link,
                  network,
                  samples,
                  factor(kind)));
        }
      }
      all.add(plans);
    }
    return all;
  }

  private List<Link> links() {
    return megabits.stream()
        .flatMap(rate -> delays.stream().map(delay -> new Link(rate, delay, loss)))
        .toList();
  }

  private static List<Integer> ofHosts(String hosts) {
    return Arrays.stream(hosts.split("\\+")).map(LinksCommand::ranks).toList();
  }

  private double factor(String kind) {
    return switch (kind) {
      case COMPUTED -> 0;
      case "replayed" -> replayFactor();
      default ->
          throw BellowsException.configuration(
              "--passes has %s, expected computed or replayed".formatted(kind));
    };
  }

  private double replayFactor() {
    double factor = replayFactor == null ? 1 : replayFactor;
    if (!(factor > 0) || Double.isInfinite(factor)) {
      throw BellowsException.configuration(
          "--replay-factor is %s, expected more than 0".formatted(factor));
    }
    return factor;
  }

  private static int ranks(String word) {
    if (!word.matches("[1-9]\\d?")) {
      throw BellowsException.configuration(
          "--ranks has %s for a host, expected 1 to 99, with a + between hosts".formatted(word));
    }
    return Integer.parseInt(word);
  }

  /** After each row, so that nothing is lost with what fails later. */
  private void write(List<?> rows) {
    if (json == null) {
      return;
    }
    try {
      Files.write(json, Json.pretty(rows));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
