// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.measure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bellows.conf.BellowsException;
import org.bellows.driver.benchmark.ChildJvm;
import org.bellows.worker.files.Json;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** How long contenders take turns, on how many threads, and where the numbers are written. */
public final class RoundOptions {
  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "1",
      description = "Threads that each may use (default: ${DEFAULT-VALUE}).")
  private int threads;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "5",
      description = "Rounds that medians are taken of (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--seconds",
      paramLabel = "SECONDS",
      defaultValue = "2",
      description = "Length of a turn, which is one batch at least (default: ${DEFAULT-VALUE}).")
  private double seconds;

  @Option(names = "--json", paramLabel = "FILE", description = "Where all numbers are written.")
  private Path json;

  @CommandLine.Spec(CommandLine.Spec.Target.MIXEE)
  private CommandLine.Model.CommandSpec spec;

  public int threads() {
    return threads;
  }

  /**
   * A process to measure in.
   *
   * @param heapVectors vectors of the parameters' length in its heap
   * @param heapRestMebibytes what the rest of its heap may need
   */
  public ChildJvm process(Workload workload, int heapVectors, int heapRestMebibytes) {
    long bytes = (long) heapVectors * Float.BYTES * workload.parameters();
    return new ChildJvm(threads, heapRestMebibytes + (bytes >> 20));
  }

  /** Threads, rounds and seconds as words of a command line. */
  public List<String> words() {
    return List.of(Integer.toString(threads), Integer.toString(rounds), Double.toString(seconds));
  }

  /**
   * @throws CommandLine.ParameterException for a value out of range
   */
  public void check() {
    if (threads < 1 || rounds < 1 || !(seconds >= 0)) {
      throw new CommandLine.ParameterException(
          spec.commandLine(),
          "--threads is %d, --rounds %d and --seconds %s; expected at least 1, 1 and 0"
              .formatted(threads, rounds, seconds));
    }
  }

  /**
   * Writes what was measured so far, if a file is asked for. To be called after each network, so
   * that nothing is lost with what fails later.
   */
  public void write(List<?> rows) {
    if (json == null) {
      return;
    }
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("processors", Runtime.getRuntime().availableProcessors());
    all.put("rounds", rounds);
    all.put("seconds", seconds);
    all.put("rows", rows);
    try {
      Files.write(json, Json.pretty(all));
    } catch (IOException e) {
      throw BellowsException.infrastructure("cannot write " + json + ": " + e.getMessage(), e);
    }
  }
}
