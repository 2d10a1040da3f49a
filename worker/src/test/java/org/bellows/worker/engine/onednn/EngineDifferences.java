// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn;

import java.util.List;
import java.util.Locale;
import org.bellows.models.graph.InputShape;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.models.zoo.NetworkRegistry;
import org.bellows.worker.engine.EngineRequest;
import org.bellows.worker.engine.dl4j.Dl4jEngineProvider;
import org.bellows.worker.engine.torch.TorchEngineProvider;

/**
 * Prints, for each network, how far the engines' answers to one small batch are from each other:
 * the table of docs/networks.md. Arguments: names of networks; none: all.
 */
public final class EngineDifferences {
  private static final int CLASSES = 5;
  private static final int SAMPLES = 4;
  private static final int SMALLEST_SIDE = 32;

  private EngineDifferences() {}

  public static void main(String[] arguments) {
    System.out.println(
        "| network, side | loss | gradient | probability | onednn and dl4j | torch and dl4j |");
    System.out.println("|---|---|---|---|---|---|");
    NetworkRegistry.standard().all().stream()
        .filter(network -> arguments.length == 0 || List.of(arguments).contains(network.name()))
        .forEach(EngineDifferences::print);
  }

  private static void print(NetworkDefinition network) {
    int side = Math.max(SMALLEST_SIDE, network.smallestSide());
    InputShape input = new InputShape(network.usualInput().channels(), side, side);
    NetworkDefinition plain = Comparison.withoutDrops(network);
    // Unpooling needs the places of maxima.
    NetworkDefinition smooth = network.name().startsWith("segnet") ? plain : WithoutKinks.of(plain);
    Comparison.Result torch = result(smooth, input, TorchEngineProvider.NAME);
    Comparison.Result onednn = result(smooth, input, OneDnnEngineProvider.NAME);
    Comparison.Result dl4j = result(smooth, input, Dl4jEngineProvider.NAME);
    System.out.printf(
        Locale.ROOT,
        "| %s, %d | %.1e | %.1e | %.1e | %.1e | %.1e |%n",
        network.name(),
        side,
        Math.abs(torch.loss() - onednn.loss()) / onednn.loss(),
        torch.gradientError(onednn),
        torch.largestProbabilityError(onednn),
        onednn.gradientError(dl4j),
        torch.gradientError(dl4j));
  }

  private static Comparison.Result result(
      NetworkDefinition network, InputShape input, String engine) {
    return Comparison.result(network, input, CLASSES, SAMPLES, EngineRequest.named(engine));
  }
}
