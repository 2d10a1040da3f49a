// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.network;

import java.util.List;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.models.zoo.NetworkRegistry;
import org.bellows.worker.engine.EngineRequest;
import org.bellows.worker.engine.registry.StepEngines;
import org.bellows.worker.natives.NativeLibraries;

/**
 * Prints images/s of networks' training steps on both engines, and a profile of the onednn one.
 * Arguments: any number of network:samples:seconds, samples of a batch and seconds of a turn.
 */
public final class StepSpeed {
  private static final int ROUNDS = 3;
  private static final int LINES = 12;

  private StepSpeed() {}

  public static void main(String[] arguments) {
    System.out.println(NativeLibraries.describe());
    for (String argument : arguments) {
      String[] parts = argument.split(":");
      measure(
          NetworkRegistry.standard().get(parts[0]),
          Integer.parseInt(parts[1]),
          Double.parseDouble(parts[2]));
    }
  }

  private static void measure(NetworkDefinition network, int samples, double seconds) {
    StepBenchmark benchmark =
        new StepBenchmark(network, network.usualInput(), network.usualClasses(), samples);
    benchmark
        .imagesPerSecond(ROUNDS, seconds)
        .forEach((engine, rates) -> print(network.name() + " b" + samples + " " + engine, rates));
    System.out.print(benchmark.profile(EngineRequest.named(StepEngines.USUAL), ROUNDS).text(LINES));
  }

  private static void print(String what, List<Double> rates) {
    double median = rates.stream().sorted().toList().get(rates.size() / 2);
    System.out.printf("%s: median %.1f images/s of %s%n", what, median, rates);
  }
}
