// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.step;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bellows.conf.BellowsException;
import org.bellows.conf.Settings;
import org.bellows.driver.benchmark.BenchmarkSubcommand;
import org.bellows.driver.benchmark.ChildJvm;
import org.bellows.driver.command.option.NetworkOptions;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.worker.engine.Arithmetic;
import org.bellows.worker.files.Json;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code benchmark step}: Bellows's training step beside PyTorch's and DL4J's. */
@Command(
    name = "step",
    mixinStandardHelpOptions = true,
    header = "Measures a training step beside PyTorch and DL4J.",
    description = {
      "Forward, backward, SGD with Nesterov momentum and weight decay of the same network in "
          + "Bellows, in PyTorch through DJL and in DL4J as shipped, in alternating rounds. Without "
          + "Spark. PyTorch is measured in both of its memory formats, in float32 and in bfloat16.",
      "Without --net: the networks of docs/performance.md with their batches and sizes."
    })
public final class StepCommand implements BenchmarkSubcommand {
  /** Vectors of the parameters' length in Java's heap, and what the rest may need. */
  private static final long HEAP_VECTORS = 9;

  private static final long HEAP_REST_MEBIBYTES = 1500;

  @Option(names = "--net", paramLabel = "NAME", description = "Network.")
  private String network;

  @Option(names = "--batch", paramLabel = "N", description = "Images of a step.")
  private Integer batch;

  @Mixin private NetworkOptions options;

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
      description = "Length of a turn, which is one step at least (default: ${DEFAULT-VALUE}).")
  private double seconds;

  @Option(
      names = "--against",
      paramLabel = "WHAT",
      split = ",",
      defaultValue = "pytorch,pytorch-channels-last,dl4j",
      description =
          "What Bellows is measured beside: pytorch, pytorch-channels-last, the same with -bfloat16 "
              + "behind, dl4j, or usual, itself without --convolutions and --precision "
              + "(default: ${DEFAULT-VALUE}).")
  private List<String> against;

  @Option(
      names = "--convolutions",
      paramLabel = "WHICH",
      defaultValue = "direct",
      description = "Bellows's train.convolutions: direct or winograd (default: ${DEFAULT-VALUE}).")
  private Settings.Convolutions convolutions;

  @Option(
      names = "--precision",
      paramLabel = "WHICH",
      defaultValue = "float32",
      description = "Bellows's train.precision: float32 or bfloat16 (default: ${DEFAULT-VALUE}).")
  private Settings.Precision precision;

  @Option(
      names = "--profile",
      paramLabel = "LINES",
      defaultValue = "0",
      description = "The dearest operations of Bellows's step, this many (default: none).")
  private int profile;

  @Option(names = "--json", paramLabel = "FILE", description = "Where all numbers are written.")
  private Path json;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public Integer call() {
    check();
    System.out.print(StepRow.header(against));
    List<StepRow> rows = new ArrayList<>();
    for (Assignment assignment : assignments()) {
      StepRow row = measure(assignment.in(new Arithmetic(convolutions, precision)));
      System.out.print(row.line(against));
      rows.add(row);
      write(rows);
    }
    return 0;
  }

  private List<Assignment> assignments() {
    List<Assignment> documented = Assignment.documented();
    if (network == null) {
      return documented;
    }
    NetworkDefinition definition = NetworkOptions.network(network);
    List<Assignment> same =
        documented.stream().filter(a -> a.network().name().equals(network)).toList();
    if (batch == null && same.isEmpty()) {
      throw refused("--net and --batch belong together");
    }
    if (same.isEmpty() || options.areGiven()) {
      int samples = batch == null ? same.get(0).samples() : batch;
      return List.of(
          new Assignment(
              definition,
              options.input(definition),
              options.classes(definition),
              samples,
              Arithmetic.USUAL));
    }
    return batch == null ? same : List.of(same.get(0).batched(batch));
  }

  private void check() {
    if (network == null && (batch != null || options.areGiven())) {
      throw refused("--batch, --input and --classes are those of --net");
    }
    if (threads < 1 || rounds < 1 || seconds < 0 || (batch != null && batch < 1)) {
      throw refused("--threads, --rounds and --batch must be at least 1, --seconds 0 or more");
    }
    List<String> others = StepWorker.OTHERS;
    if (!others.containsAll(against)) {
      throw refused("--against is %s, expected some of %s".formatted(against, others));
    }
  }

  private CommandLine.ParameterException refused(String why) {
    return new CommandLine.ParameterException(spec.commandLine(), why);
  }

  private StepRow measure(Assignment assignment) {
    try {
      Path file = Files.createTempFile("bellows-step", ".json");
      try {
        List<String> arguments = new ArrayList<>();
        arguments.add(file.toString());
        arguments.addAll(assignment.words());
        arguments.add(Integer.toString(threads));
        arguments.add(Integer.toString(rounds));
        arguments.add(Double.toString(seconds));
        arguments.add(Integer.toString(profile));
        arguments.addAll(against);
        new ChildJvm(threads, heapMebibytes(assignment)).run(StepWorker.class, arguments);
        return Json.read(Files.readAllBytes(file), StepRow.class, file);
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long heapMebibytes(Assignment assignment) {
    long bytes = HEAP_VECTORS * Float.BYTES * assignment.parameters();
    return HEAP_REST_MEBIBYTES + (bytes >> 20);
  }

  /** After each network, so that what was measured is not lost with what fails later. */
  private void write(List<StepRow> rows) {
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
