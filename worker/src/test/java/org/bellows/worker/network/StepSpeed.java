package org.bellows.worker.network;

import java.util.List;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.models.network.NetworkRegistry;
import org.bellows.worker.natives.NativeLibraries;

/**
 * Prints images/s of a network's training step on both engines, their ratio and a profile.
 * Arguments: network, samples of a batch, seconds of a turn.
 */
public final class StepSpeed {
  private static final int ROUNDS = 3;
  private static final int LINES = 25;

  private StepSpeed() {}

  public static void main(String[] arguments) {
    System.out.println(NativeLibraries.load());
    NetworkDefinition network = NetworkRegistry.standard().get(arguments[0]);
    int samples = Integer.parseInt(arguments[1]);
    StepBenchmark benchmark =
        new StepBenchmark(network, network.usualInput(), network.usualClasses(), samples);
    benchmark
        .imagesPerSecond(ROUNDS, Double.parseDouble(arguments[2]))
        .forEach((engine, rates) -> print(network.name() + " b" + samples + " " + engine, rates));
    System.out.print(benchmark.profile(ROUNDS).text(LINES));
  }

  private static void print(String what, List<Double> rates) {
    double median = rates.stream().sorted().toList().get(rates.size() / 2);
    System.out.printf("%s: median %.1f images/s of %s%n", what, median, rates);
  }
}
