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
import java.util.concurrent.TimeUnit;
import org.bellows.benchmark.measure.ChildMeasurement;
import org.bellows.worker.files.Json;

/**
 * A process as {@link LinkProcess}, in which trainings run on a cluster of Spark whose links get
 * worse. Arguments: file for the {@link Outcomes}, the {@link Script} as JSON.
 */
final class LinkRuns {
  static final Link FAST = new Link(1000, 0.1, 0);

  /** Nothing arrives. */
  static final Link CUT = new Link(1000, 0.1, 100);

  private static final int HOSTS = 3;
  private static final int EXECUTORS_OF_HOST = 2;
  private static final int LONGEST_SECONDS = 800;
  private static final long LOOK_MILLISECONDS = 20;

  private LinkRuns() {}

  /**
   * Trainings, one after the other.
   *
   * @param folder with the dataset in {@code dataset}; runs and logs come there
   * @param sparkTimeoutSeconds within which Spark notices what does not answer any more
   */
  record Script(String folder, int sparkTimeoutSeconds, List<Training> trainings) {}

  /**
   * A training.
   *
   * @param name of its folder
   * @param settings besides those of {@link SmallRun}
   */
  record Training(String name, List<String> settings, List<Event> events) {}

  /**
   * What the last host's link is like from a moment on.
   *
   * @param step with whose checkpoint, or that of a later one, the time begins: once for all events
   *     of that step
   * @param seconds after that
   * @param link of the last host
   */
  record Event(long step, double seconds, Link link) {}

  /**
   * How a training ended.
   *
   * @param exitCode of the command
   * @param said on the terminal
   */
  record Outcome(int exitCode, String said) {}

  /** One for each training. */
  record Outcomes(List<Outcome> all) {}

  /** Runs it in namespaces. */
  static Outcomes of(Script script) {
    return ChildMeasurement.take(
        LinkProcess.apart(), LinkRuns.class, List.of(Json.line(script)), Outcomes.class);
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    byte[] json = arguments[1].getBytes(StandardCharsets.UTF_8);
    Script script = Json.read(json, Script.class, "the script");
    Path folder = Path.of(script.folder());
    HostNetwork network = new HostNetwork(HOSTS, true);
    network.set(FAST);
    List<Outcome> outcomes = new ArrayList<>();
    try (SparkHosts spark =
        new SparkHosts(network, HOSTS, EXECUTORS_OF_HOST, script.sparkTimeoutSeconds(), folder)) {
      for (Training training : script.trainings()) {
        Path log = folder.resolve("training-" + outcomes.size() + ".log");
        Process process =
            spark.command(
                log,
                SmallRun.train(
                    folder, training.name(), (HOSTS - 1) * EXECUTORS_OF_HOST, training.settings()));
        happen(training, network, folder.resolve(training.name()), process);
        if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
          process.destroyForcibly();
        }
        network.set(HOSTS - 1, FAST);
        outcomes.add(new Outcome(process.waitFor(), Files.readString(log)));
      }
    }
    Files.write(Path.of(arguments[0]), Json.pretty(new Outcomes(outcomes)));
  }

  private static void happen(Training training, HostNetwork network, Path run, Process process)
      throws InterruptedException {
    long step = -1;
    long begin = 0;
    for (Event event : training.events()) {
      while (process.isAlive() && SmallRun.newestStep(run) < event.step()) {
        Thread.sleep(LOOK_MILLISECONDS);
      }
      if (event.step() > step) {
        step = event.step();
        begin = System.nanoTime();
      }
      long left = begin + Math.round(event.seconds() * 1e9) - System.nanoTime();
      if (process.waitFor(left, TimeUnit.NANOSECONDS)) {
        return;
      }
      network.set(HOSTS - 1, event.link());
    }
  }

  /** Of a run's result. */
  static Object parameters(Path run) throws IOException {
    Path file = run.resolve("result.json");
    Map<?, ?> result = Json.read(Files.readAllBytes(file), Map.class, file);
    return ((Map<?, ?>) result.get("metrics")).get("parameters-sha256");
  }
}
