// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.check;

import java.util.Locale;
import org.bellows.models.graph.InputShape;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.models.zoo.NetworkRegistry;
import org.bellows.worker.engine.EngineRequest;
import org.bellows.worker.network.LaneNetwork;
import org.bellows.worker.network.RandomBatch;

/**
 * How fast ResNet-50's step is: parameters to the engine, forward, backward, gradient back.
 *
 * @param side of the images
 * @param transferShare of the time, for parameters on their way to the engine and as many floats
 *     back
 */
record Speed(int batch, int side, double imagesPerSecond, double transferShare) {
  private static final String NETWORK = "resnet50";
  private static final double SECONDS = 1;
  private static final int LEAST_STEPS = 2;
  private static final double NANOS = 1e9;

  static Speed of(EngineRequest engine, int batch, int side) {
    NetworkDefinition network = NetworkRegistry.standard().get(NETWORK);
    InputShape input = new InputShape(network.usualInput().channels(), side, side);
    int classes = network.usualClasses();
    RandomBatch images = RandomBatch.of(network.graph(input, classes), classes, batch);
    try (LaneNetwork lane = new LaneNetwork(network, input, classes, 1, engine)) {
      float[] parameters = new float[lane.layout().length()];
      float[] gradient = new float[lane.layout().length()];
      lane.readParameters(parameters);
      lane.gradient(images.pixels(), images.targets(), 0, gradient);
      long begin = System.nanoTime();
      long transfers = 0;
      int steps = 0;
      do {
        long before = System.nanoTime();
        lane.writeParameters(parameters);
        transfers += System.nanoTime() - before;
        lane.gradient(images.pixels(), images.targets(), 0, gradient);
        before = System.nanoTime();
        lane.readParameters(parameters);
        transfers += System.nanoTime() - before;
        steps++;
      } while (steps < LEAST_STEPS || System.nanoTime() - begin < SECONDS * NANOS);
      double nanos = System.nanoTime() - begin;
      return new Speed(batch, side, (double) steps * batch / (nanos / NANOS), transfers / nanos);
    }
  }

  String line() {
    return String.format(
        Locale.ROOT,
        "  %-26s %.1f images/s, %.1f %% of the time in transfers%n",
        "%s, %d of %d x %d".formatted(NETWORK, batch, side, side),
        imagesPerSecond,
        100 * transferShare);
  }
}
