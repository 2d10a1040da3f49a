// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.step;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bellows.driver.benchmark.InterleavedRuns;
import org.bellows.worker.engine.Arithmetic;
import org.bellows.worker.engine.EngineRequest;
import org.bellows.worker.files.Json;
import org.bellows.worker.natives.NativeLibraries;
import org.bellows.worker.network.StepBenchmark;

/**
 * The process that measures one network: its threads and its memory are of this network alone.
 * Arguments: file for the {@link StepRow}, the {@link Assignment#words}, threads, rounds, seconds
 * of a turn, lines of Bellows's own profile to print, contenders besides Bellows.
 */
final class StepWorker {
  static final String BELLOWS = "bellows";

  /** Bellows with its usual settings. */
  static final String USUAL = "usual";

  static final String PYTORCH = "pytorch";
  static final String PYTORCH_CHANNELS_LAST = "pytorch-channels-last";
  static final String PYTORCH_BFLOAT16 = "pytorch-bfloat16";
  static final String PYTORCH_CHANNELS_LAST_BFLOAT16 = "pytorch-channels-last-bfloat16";
  static final String DL4J = "dl4j";

  /** What Bellows can be measured beside. */
  static final List<String> OTHERS =
      List.of(
          PYTORCH,
          PYTORCH_CHANNELS_LAST,
          PYTORCH_BFLOAT16,
          PYTORCH_CHANNELS_LAST_BFLOAT16,
          DL4J,
          USUAL);

  private static final int WORDS = Assignment.WORDS;
  private static final int FIXED_ARGUMENTS = WORDS + 5;

  private static final int PROFILE_ROUNDS = 5;

  private final Assignment assignment;
  private final double seconds;

  private StepWorker(Assignment assignment, double seconds) {
    this.assignment = assignment;
    this.seconds = seconds;
  }

  public static void main(String[] arguments) throws IOException {
    List<String> all = List.of(arguments);
    int threads = Integer.parseInt(all.get(WORDS + 1));
    TorchNetwork.setUp(threads);
    Assignment assignment = Assignment.of(all.subList(1, 1 + WORDS));
    StepWorker worker = new StepWorker(assignment, Double.parseDouble(all.get(WORDS + 3)));
    List<String> against = all.subList(FIXED_ARGUMENTS, all.size());
    StepRow row = worker.row(against, threads, Integer.parseInt(all.get(WORDS + 2)));
    Files.write(Path.of(all.get(0)), Json.pretty(row));
    int lines = Integer.parseInt(all.get(WORDS + 4));
    if (lines > 0) {
      StepBenchmark own =
          new StepBenchmark(
              assignment.network(), assignment.input(), assignment.classes(), assignment.samples());
      System.out.print(
          own.profile(EngineRequest.of(assignment.settings().train()), PROFILE_ROUNDS).text(lines));
    }
  }

  private StepRow row(List<String> against, int threads, int rounds) {
    Map<String, Contender> contenders = new LinkedHashMap<>();
    try {
      contenders.put(BELLOWS, new BellowsContender(assignment));
      against.forEach(name -> contenders.put(name, contender(name)));
      Map<String, Double> losses = new LinkedHashMap<>();
      contenders.forEach((name, contender) -> losses.put(name, contender.step()));
      Map<String, InterleavedRuns.Work> work = new LinkedHashMap<>();
      contenders.forEach((name, contender) -> work.put(name, () -> images(contender, seconds)));
      work.values().forEach(InterleavedRuns.Work::run);
      InterleavedRuns turns = InterleavedRuns.take(work, rounds);
      Map<String, Double> rates = new LinkedHashMap<>();
      Map<String, Double> ratios = new LinkedHashMap<>();
      Map<String, Double> cpuRatios = new LinkedHashMap<>();
      contenders.keySet().forEach(name -> rates.put(name, turns.median(name)));
      against.forEach(name -> ratios.put(name, turns.ratio(BELLOWS, name)));
      against.forEach(name -> cpuRatios.put(name, turns.cpuRatio(BELLOWS, name)));
      return new StepRow(
          assignment.network().name(),
          assignment.input().toString(),
          assignment.samples(),
          threads,
          NativeLibraries.describe() + "; " + TorchNetwork.version(),
          rates,
          ratios,
          cpuRatios,
          losses,
          turns.rates());
    } finally {
      contenders.values().forEach(Contender::close);
    }
  }

  private Contender contender(String name) {
    return switch (name) {
      case USUAL -> new BellowsContender(assignment.in(Arithmetic.USUAL));
      case PYTORCH -> torch(TorchMode.float32(TorchFormat.CONTIGUOUS));
      case PYTORCH_CHANNELS_LAST -> torch(TorchMode.float32(TorchFormat.CHANNELS_LAST));
      case PYTORCH_BFLOAT16 -> torch(TorchMode.bfloat16(TorchFormat.CONTIGUOUS));
      case PYTORCH_CHANNELS_LAST_BFLOAT16 -> torch(TorchMode.bfloat16(TorchFormat.CHANNELS_LAST));
      case DL4J -> new Dl4jContender(assignment);
      default -> throw new IllegalArgumentException("no contender " + name);
    };
  }

  private Contender torch(TorchMode mode) {
    return new TorchContender(assignment, mode);
  }

  /** Whole steps, at least one, until the turn is over. */
  private int images(Contender contender, double turn) {
    long begin = System.nanoTime();
    int steps = 0;
    do {
      contender.step();
      steps++;
    } while (System.nanoTime() - begin < turn * 1e9);
    return steps * assignment.samples();
  }
}
