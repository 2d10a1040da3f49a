// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.inference;

import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bellows.benchmark.measure.Rounds;
import org.bellows.benchmark.measure.Workload;
import org.bellows.conf.BellowsException;
import org.bellows.conf.EvaluateSettings;
import org.bellows.conf.Precision;
import org.bellows.driver.benchmark.InterleavedRuns;
import org.bellows.worker.engine.InferenceArithmetic;
import org.bellows.worker.files.Json;
import org.bellows.worker.model.RandomModel;
import org.bellows.worker.model.TrainedModel;
import org.bellows.worker.natives.NativeLibraries;

/**
 * The process that measures one network. Arguments: file for the {@link InferenceRow}, the words of
 * {@link Workload} and of {@link Rounds}, Bellows's convolutions and precision, lines of its own
 * profile to print.
 */
final class InferenceWorker {
  static final String BELLOWS = "bellows";
  static final String ONNX_RUNTIME = "onnxruntime";

  /** Rounding alone stays below; a wrong layer does not. */
  private static final double LARGEST_DIFFERENCE = 1e-3;

  /** The same with maps and weights in bfloat16. */
  private static final double LARGEST_DIFFERENCE_IN_BFLOAT16 = 0.2;

  private static final long SEED = 1;
  private static final int PROFILE_ROUNDS = 20;

  private final Workload workload;
  private final Rounds rounds;
  private final InferenceArithmetic arithmetic;

  InferenceWorker(Workload workload, Rounds rounds, InferenceArithmetic arithmetic) {
    this.workload = workload;
    this.rounds = rounds;
    this.arithmetic = arithmetic;
  }

  public static void main(String[] arguments) throws IOException, OrtException {
    List<String> all = List.of(arguments);
    List<String> words = all.subList(1, all.size());
    Rounds rounds = Rounds.of(words.subList(Workload.WORDS, words.size()));
    int next = Workload.WORDS + Rounds.WORDS;
    InferenceArithmetic arithmetic =
        new InferenceArithmetic(
            EvaluateSettings.InferenceConvolutions.valueOf(words.get(next)),
            Precision.valueOf(words.get(next + 1)));
    int lines = Integer.parseInt(words.get(next + 2));
    InferenceRow row = new InferenceWorker(Workload.of(words), rounds, arithmetic).row(lines);
    Files.write(Path.of(all.get(0)), Json.pretty(row));
  }

  /**
   * @param profileLines of Bellows's profile, which are printed
   * @throws BellowsException (infrastructure) when the two do not agree
   */
  InferenceRow row(int profileLines) throws IOException, OrtException {
    String natives = NativeLibraries.describe();
    float[] pixels = workload.batch().pixels();
    TrainedModel random =
        RandomModel.of(workload.network(), workload.input(), workload.classes(), SEED);
    TrainedModel model = OpenAnswers.of(random, workload, pixels);
    try (BellowsInference bellows =
            new BellowsInference(model, arithmetic, pixels, workload.samples());
        OnnxRuntimeInference runtime =
            new OnnxRuntimeInference(model, workload, pixels, rounds.threads())) {
      double difference = agreed(bellows, runtime);
      Map<String, Runnable> contenders = new LinkedHashMap<>();
      contenders.put(BELLOWS, bellows::run);
      contenders.put(ONNX_RUNTIME, runtime::run);
      InterleavedRuns turns = rounds.take(contenders, workload.samples());
      if (profileLines > 0) {
        System.out.print(bellows.profile(PROFILE_ROUNDS).text(profileLines));
      }
      Map<String, Double> rates = new LinkedHashMap<>();
      contenders.keySet().forEach(name -> rates.put(name, turns.median(name)));
      return new InferenceRow(
          workload.network().name(),
          workload.input().toString(),
          workload.samples(),
          rounds.threads(),
          natives + "; " + OnnxRuntimeInference.version(),
          rates,
          turns.ratio(BELLOWS, ONNX_RUNTIME),
          turns.cpuRatio(BELLOWS, ONNX_RUNTIME),
          difference,
          turns.rates());
    }
  }

  private double agreed(Inference bellows, Inference runtime) {
    bellows.run();
    runtime.run();
    double difference = difference(bellows.probabilities(), runtime.probabilities());
    double largest =
        arithmetic.precision() == Precision.FLOAT32
            ? LARGEST_DIFFERENCE
            : LARGEST_DIFFERENCE_IN_BFLOAT16;
    if (!(difference <= largest)) {
      throw BellowsException.infrastructure(
          "the probabilities of %s in Bellows and in ONNX Runtime differ by %.2g of their range, expected at most %.0e"
              .formatted(workload.network().name(), difference, largest));
    }
    return difference;
  }

  /** The largest difference, by the range of the second; NaN where there is one. */
  static double difference(float[] one, float[] other) {
    double largest = 0;
    double least = Double.POSITIVE_INFINITY;
    double most = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < other.length; i++) {
      largest = Math.max(largest, Math.abs((double) one[i] - other[i]));
      least = Math.min(least, other[i]);
      most = Math.max(most, other[i]);
    }
    return largest / (most - least);
  }
}
