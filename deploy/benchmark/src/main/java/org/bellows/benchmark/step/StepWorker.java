// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.step;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bellows.benchmark.measure.Rounds;
import org.bellows.benchmark.torch.TorchFormat;
import org.bellows.benchmark.torch.TorchMode;
import org.bellows.benchmark.torch.TorchNetwork;
import org.bellows.conf.Settings;
import org.bellows.driver.benchmark.InterleavedRuns;
import org.bellows.worker.engine.Arithmetic;
import org.bellows.worker.engine.EngineRequest;
import org.bellows.worker.engine.torch.TorchEngineProvider;
import org.bellows.worker.files.Json;
import org.bellows.worker.natives.NativeLibraries;
import org.bellows.worker.natives.TorchLibraries;
import org.bellows.worker.network.StepBenchmark;

/**
 * The process that measures one network. Arguments: file for the {@link StepRow}, the {@link
 * Assignment#words}, those of {@link Rounds}, lines of Bellows's own profile to print, contenders
 * besides Bellows.
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

  /** Bellows on its engine of PyTorch's operations. */
  static final String TORCH_ENGINE = "torch-engine";

  private static final String ON_TORCH = "train.step-engine=" + TorchEngineProvider.NAME;

  /** What Bellows can be measured beside. */
  static final List<String> OTHERS =
      List.of(
          PYTORCH,
          PYTORCH_CHANNELS_LAST,
          PYTORCH_BFLOAT16,
          PYTORCH_CHANNELS_LAST_BFLOAT16,
          DL4J,
          TORCH_ENGINE,
          USUAL);

  /** Those that are Bellows itself. */
  static final List<String> BELLOWS_TOO = List.of(TORCH_ENGINE, USUAL);

  private static final int WORDS = Assignment.WORDS;
  private static final int PROFILE_ARGUMENT = 1 + WORDS + Rounds.WORDS;

  private static final int PROFILE_ROUNDS = 5;

  private final Assignment assignment;
  private final Rounds rounds;

  private StepWorker(Assignment assignment, Rounds rounds) {
    this.assignment = assignment;
    this.rounds = rounds;
  }

  public static void main(String[] arguments) throws IOException {
    List<String> all = List.of(arguments);
    Rounds rounds = Rounds.of(all.subList(1 + WORDS, all.size()));
    Assignment assignment = Assignment.of(all.subList(1, 1 + WORDS));
    StepWorker worker = new StepWorker(assignment, rounds);
    StepRow row = worker.row(all.subList(PROFILE_ARGUMENT + 1, all.size()));
    Files.write(Path.of(all.get(0)), Json.pretty(row));
    int lines = Integer.parseInt(all.get(PROFILE_ARGUMENT));
    if (lines > 0) {
      worker.profile(assignment.settings(), lines);
      if (all.contains(TORCH_ENGINE)) {
        worker.profile(assignment.directly().settings(ON_TORCH), lines);
      }
    }
  }

  private void profile(Settings settings, int lines) {
    StepBenchmark own =
        new StepBenchmark(
            assignment.network(), assignment.input(), assignment.classes(), assignment.samples());
    System.out.print(settings.train().stepEngine() + ": ");
    System.out.print(own.profile(EngineRequest.of(settings.train()), PROFILE_ROUNDS).text(lines));
  }

  private StepRow row(List<String> against) {
    Map<String, Contender> contenders = new LinkedHashMap<>();
    try {
      contenders.put(BELLOWS, bellows(assignment));
      against.forEach(name -> contenders.put(name, contender(name)));
      Map<String, Double> losses = new LinkedHashMap<>();
      contenders.forEach((name, contender) -> losses.put(name, contender.step()));
      Map<String, Runnable> steps = new LinkedHashMap<>();
      contenders.forEach((name, contender) -> steps.put(name, contender::step));
      InterleavedRuns turns = rounds.take(steps, assignment.samples());
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
          rounds.threads(),
          versions(against),
          rates,
          ratios,
          cpuRatios,
          losses,
          turns.rates());
    } finally {
      contenders.values().forEach(Contender::close);
    }
  }

  private String versions(List<String> against) {
    return against.stream().anyMatch(name -> name.startsWith(PYTORCH) || name.equals(TORCH_ENGINE))
        ? NativeLibraries.describe() + "; " + TorchLibraries.load()
        : NativeLibraries.describe();
  }

  private Contender contender(String name) {
    return switch (name) {
      case USUAL -> bellows(assignment.in(Arithmetic.USUAL));
      case PYTORCH -> torch(TorchMode.float32(TorchFormat.CONTIGUOUS));
      case PYTORCH_CHANNELS_LAST -> torch(TorchMode.float32(TorchFormat.CHANNELS_LAST));
      case PYTORCH_BFLOAT16 -> torch(TorchMode.bfloat16(TorchFormat.CONTIGUOUS));
      case PYTORCH_CHANNELS_LAST_BFLOAT16 -> torch(TorchMode.bfloat16(TorchFormat.CHANNELS_LAST));
      case DL4J -> new Dl4jContender(assignment);
      case TORCH_ENGINE -> bellows(assignment.directly(), ON_TORCH);
      default -> throw new IllegalArgumentException("no contender " + name);
    };
  }

  /**
   * @param more assignments of settings
   */
  private Contender bellows(Assignment as, String... more) {
    List<String> settings = new ArrayList<>(List.of(more));
    settings.add("cluster.cores-per-lane=" + rounds.threads());
    return new BellowsContender(as, settings.toArray(String[]::new));
  }

  private Contender torch(TorchMode mode) {
    TorchNetwork.setUp(rounds.threads());
    return new TorchContender(assignment, mode);
  }
}
