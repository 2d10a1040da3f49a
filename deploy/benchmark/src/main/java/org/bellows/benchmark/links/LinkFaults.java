// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.links;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.bellows.benchmark.measure.ChildMeasurement;
import org.bellows.worker.files.Json;

/**
 * A process as {@link LinkProcess}, in which the link of the last host is cut while the ranks
 * exchange, and each result is compared with what one rank alone comes to. Arguments: file for the
 * {@link Outcome}, the {@link Fault} as JSON.
 */
final class LinkFaults {
  private LinkFaults() {}

  /**
   * What happens.
   *
   * @param plan whose link all hosts have
   * @param seconds that ranks would exchange
   * @param cutAfterSeconds when the last host's link is cut
   */
  record Fault(LinkPlan plan, double seconds, double cutAfterSeconds) {}

  /**
   * What came of it.
   *
   * @param hosts the words of each host's process
   * @param seconds from the start to the end of the last
   */
  record Outcome(List<String> hosts, double seconds) {}

  /** Has it happen. */
  static Outcome of(Fault fault) {
    return ChildMeasurement.take(
        LinkProcess.apart(), LinkFaults.class, List.of(Json.line(fault)), Outcome.class);
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    byte[] json = arguments[1].getBytes(StandardCharsets.UTF_8);
    Fault fault = Json.read(json, Fault.class, "the fault");
    int last = fault.plan().hosts() - 1;
    HostNetwork network = new HostNetwork(fault.plan().hosts(), true);
    try (HostProcesses hosts = new HostProcesses(network, fault.plan())) {
      network.set(fault.plan().link());
      long begin = System.nanoTime();
      hosts.begin("exchange " + fault.seconds());
      Thread.sleep(Math.round(fault.cutAfterSeconds() * 1e3));
      network.cut(last);
      List<String> outcomes = hosts.outcomes();
      double seconds = (System.nanoTime() - begin) * 1e-9;
      Files.write(Path.of(arguments[0]), Json.pretty(new Outcome(outcomes, seconds)));
    }
  }
}
