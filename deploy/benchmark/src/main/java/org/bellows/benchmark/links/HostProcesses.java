// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.links;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.bellows.conf.BellowsException;
import org.bellows.driver.benchmark.ChildJvm;
import org.bellows.worker.files.Json;

/** The processes of all hosts, which get the same requests at the same time. */
final class HostProcesses implements AutoCloseable {
  /** Vectors of a rank: its lane, the sum, the result, what arrives; while it starts, a branch. */
  private static final long VECTORS = 9;

  private static final long HEAP_REST_MEBIBYTES = 64;

  private final List<Process> processes = new ArrayList<>();
  private final List<PrintWriter> requests = new ArrayList<>();
  private final List<BufferedReader> answers = new ArrayList<>();

  /** Starts them, and has their ranks connect. */
  HostProcesses(HostNetwork network, LinkPlan plan) {
    String json = Json.line(plan);
    for (int host = 0; host < plan.hosts(); host++) {
      long bytes = VECTORS * Float.BYTES * plan.ranks().get(host) * floats(plan);
      Process process =
          new ChildJvm(1, HEAP_REST_MEBIBYTES + (bytes >> 20), network.through(host))
              .startPiped(HostProcess.class, List.of());
      processes.add(process);
      requests.add(new PrintWriter(process.outputWriter(StandardCharsets.UTF_8), true));
      answers.add(process.inputReader(StandardCharsets.UTF_8));
      requests.get(host).println(host + " " + network.address(host) + " " + json);
    }
    List<String[]> addresses = answers().stream().map(answer -> answer.split(" ")).toList();
    ask(
        "connect %s %s %s"
            .formatted(
                String.join(",", addresses.stream().map(both -> both[0]).toList()),
                String.join(",", addresses.stream().map(both -> both[1]).toList()),
                UUID.randomUUID()));
  }

  private static long floats(LinkPlan plan) {
    if (plan.network().isEmpty()) {
      return plan.floats();
    }
    return RankPass.graph(plan).parameters();
  }

  /**
   * @return the hosts' answers
   * @throws BellowsException (infrastructure) when a rank failed
   */
  List<String> ask(String request) {
    begin(request);
    return answers();
  }

  /** Sends a request; the caller asks for its {@link #outcomes} later. */
  void begin(String request) {
    requests.forEach(writer -> writer.println(request));
  }

  private List<String> answers() {
    List<String> all = new ArrayList<>();
    for (String outcome : outcomes()) {
      if (outcome.startsWith(HostProcess.FAILED)) {
        throw BellowsException.infrastructure(outcome.substring(HostProcess.FAILED.length()));
      }
      all.add(outcome.substring(HostProcess.ANSWER.length()));
    }
    return all;
  }

  /** By host, an answer or a failure. */
  List<String> outcomes() {
    List<String> all = new ArrayList<>();
    for (int host = 0; host < answers.size(); host++) {
      all.add(outcome(host));
    }
    return all;
  }

  private String outcome(int host) {
    try {
      while (true) {
        String line = answers.get(host).readLine();
        if (line == null) {
          throw BellowsException.infrastructure(
              "the process of host %d ended early".formatted(host));
        }
        if (line.startsWith(HostProcess.ANSWER) || line.startsWith(HostProcess.FAILED)) {
          return line;
        }
        // A warning of the Java machine or of the log.
        System.out.println(line);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** They end when there are no more requests. */
  @Override
  public void close() {
    requests.forEach(PrintWriter::close);
    processes.forEach(Process::destroy);
  }
}
