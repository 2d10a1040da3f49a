// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.inference;

import java.util.ArrayList;
import java.util.List;
import org.bellows.benchmark.measure.ChildMeasurement;
import org.bellows.benchmark.measure.RoundOptions;
import org.bellows.benchmark.measure.Workload;
import org.bellows.benchmark.measure.WorkloadOptions;
import org.bellows.conf.EvaluateSettings;
import org.bellows.conf.Precision;
import org.bellows.driver.benchmark.BenchmarkSubcommand;
import org.bellows.driver.benchmark.ChildJvm;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code benchmark inference}: Bellows's forward pass beside ONNX Runtime's. */
@Command(
    name = "inference",
    mixinStandardHelpOptions = true,
    header = "Measures inference beside ONNX Runtime.",
    description = {
      "The forward pass of the same network on the same images in Bellows and in ONNX Runtime, which "
          + "reads the exported model, in alternating rounds. Without Spark. Fails where the two "
          + "do not answer the same.",
      "Without --net: the networks of docs/performance.md with their batches and sizes."
    })
public final class InferenceCommand implements BenchmarkSubcommand {
  /** Vectors of the parameters' length in Java's heap, and what the rest may need. */
  private static final int HEAP_VECTORS = 6;

  private static final int HEAP_REST_MEBIBYTES = 600;

  @Mixin private WorkloadOptions workloads;

  @Mixin private RoundOptions rounds;

  @Option(
      names = "--precision",
      paramLabel = "WHICH",
      defaultValue = "float32",
      description =
          "Bellows's evaluate.precision: float32 or bfloat16 (default: ${DEFAULT-VALUE}).")
  private Precision precision;

  @Option(
      names = "--convolutions",
      paramLabel = "WHICH",
      defaultValue = "direct",
      description =
          "Bellows's evaluate.convolutions: direct or winograd (default: ${DEFAULT-VALUE}).")
  private EvaluateSettings.InferenceConvolutions convolutions;

  @Option(
      names = "--profile",
      paramLabel = "LINES",
      defaultValue = "0",
      description = "The dearest operations of Bellows's pass, this many (default: none).")
  private int profile;

  /** Those of {@code docs/performance.md}. */
  private static List<Workload> documented() {
    return List.of(
        Workload.usual("lenet5", 64),
        Workload.usual("resnet20-cifar", 32),
        Workload.usual("resnet18", 4),
        Workload.usual("resnet50", 4),
        Workload.usual("mobilenet-v2", 4),
        Workload.usual("vgg16", 4),
        Workload.usual("efficientnet-b0", 4));
  }

  @Override
  public Integer call() {
    rounds.check();
    List<Workload> chosen = workloads.chosen(documented());
    System.out.print(InferenceRow.header());
    List<InferenceRow> rows = new ArrayList<>();
    for (Workload workload : chosen) {
      InferenceRow row = measure(workload);
      System.out.print(row.line());
      rows.add(row);
      rounds.write(rows);
    }
    return 0;
  }

  private InferenceRow measure(Workload workload) {
    List<String> words = new ArrayList<>(workload.words());
    words.addAll(rounds.words());
    words.add(convolutions.name());
    words.add(precision.name());
    words.add(Integer.toString(profile));
    ChildJvm process = rounds.process(workload, HEAP_VECTORS, HEAP_REST_MEBIBYTES);
    return ChildMeasurement.take(process, InferenceWorker.class, words, InferenceRow.class);
  }
}
