// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.step;

import java.util.ArrayList;
import java.util.List;
import org.bellows.benchmark.measure.ChildMeasurement;
import org.bellows.benchmark.measure.RoundOptions;
import org.bellows.benchmark.measure.Workload;
import org.bellows.benchmark.measure.WorkloadOptions;
import org.bellows.conf.Precision;
import org.bellows.conf.TrainSettings;
import org.bellows.driver.benchmark.BenchmarkSubcommand;
import org.bellows.driver.benchmark.ChildJvm;
import org.bellows.worker.engine.Arithmetic;
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
          + "Bellows, in PyTorch and in DL4J as shipped, in alternating rounds. Without "
          + "Spark. PyTorch is measured in both of its memory formats, in float32 and in bfloat16.",
      "Without --net: the networks of docs/performance.md with their batches and sizes."
    })
public final class StepCommand implements BenchmarkSubcommand {
  /** Vectors of the parameters' length in Java's heap: of all, of each Bellows that is measured. */
  private static final int HEAP_VECTORS = 5;

  private static final int HEAP_VECTORS_OF_BELLOWS = 4;

  /** What the rest of the heap may need. */
  private static final int HEAP_REST_MEBIBYTES = 1500;

  @Mixin private WorkloadOptions workloads;

  @Mixin private RoundOptions rounds;

  @Option(
      names = "--against",
      paramLabel = "WHAT",
      split = ",",
      defaultValue = "pytorch,pytorch-channels-last,dl4j",
      description =
          "What Bellows is measured beside: pytorch, pytorch-channels-last, the same with -bfloat16 "
              + "behind, dl4j, torch-engine (itself with train.step-engine = torch, in the same precision), "
              + "or usual, itself without --convolutions and --precision "
              + "(default: ${DEFAULT-VALUE}).")
  private List<String> against;

  @Option(
      names = "--convolutions",
      paramLabel = "WHICH",
      defaultValue = "direct",
      description =
          "Bellows's train.convolutions: direct, winograd or columns (default: ${DEFAULT-VALUE}).")
  private TrainSettings.Convolutions convolutions;

  @Option(
      names = "--precision",
      paramLabel = "WHICH",
      defaultValue = "float32",
      description = "Bellows's train.precision: float32 or bfloat16 (default: ${DEFAULT-VALUE}).")
  private Precision precision;

  @Option(
      names = "--profile",
      paramLabel = "LINES",
      defaultValue = "0",
      description =
          "The dearest operations of Bellows's step, this many, and those of torch-engine if it is "
              + "measured (default: none).")
  private int profile;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public Integer call() {
    rounds.check();
    List<String> others = StepWorker.OTHERS;
    if (!others.containsAll(against)) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--against is %s, expected some of %s".formatted(against, others));
    }
    List<Workload> chosen = workloads.chosen(Assignment.documented());
    System.out.print(StepRow.header(against));
    List<StepRow> rows = new ArrayList<>();
    for (Workload workload : chosen) {
      StepRow row = measure(new Assignment(workload, new Arithmetic(convolutions, precision)));
      System.out.print(row.line(against));
      rows.add(row);
      rounds.write(rows);
    }
    return 0;
  }

  private StepRow measure(Assignment assignment) {
    List<String> words = new ArrayList<>(assignment.words());
    words.addAll(rounds.words());
    words.add(Integer.toString(profile));
    words.addAll(against);
    int bellows = 1 + (int) against.stream().filter(StepWorker.BELLOWS_TOO::contains).count();
    int vectors = HEAP_VECTORS + HEAP_VECTORS_OF_BELLOWS * bellows;
    ChildJvm process = rounds.process(assignment.workload(), vectors, HEAP_REST_MEBIBYTES);
    return ChildMeasurement.take(process, StepWorker.class, words, StepRow.class);
  }
}
