// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.network;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bellows.models.graph.InputShape;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.worker.engine.EngineRequest;
import org.bellows.worker.engine.StepEngineProvider;
import org.bellows.worker.engine.StepProfile;
import org.bellows.worker.engine.registry.StepEngines;
import org.bellows.worker.natives.NativeLibraries;

/**
 * Times a network's training step: parameters in, forward, backward, gradient out. Threads are
 * those of the process, OMP_NUM_THREADS.
 */
public final class StepBenchmark {
  private static final long SEED = 1;

  private final NetworkDefinition network;
  private final InputShape input;
  private final int classes;
  private final float[] pixels;
  private final float[] targets;
  private final int samples;

  /** Random images and labels, always the same. */
  public StepBenchmark(NetworkDefinition network, InputShape input, int classes, int samples) {
    this.network = network;
    this.input = input;
    this.classes = classes;
    this.samples = samples;
    RandomBatch batch = RandomBatch.of(network.graph(input, classes), classes, samples);
    this.pixels = batch.pixels();
    this.targets = batch.targets();
  }

  /**
   * All engines that can compute the network here, in alternation, so that what else the machine
   * does meets each of them.
   *
   * @param rounds how often each has its turn
   * @param seconds of a turn, at least one step
   * @return by engine's name, images/s of each turn
   */
  public Map<String, List<Double>> imagesPerSecond(int rounds, double seconds) {
    Map<String, List<Double>> rates = new LinkedHashMap<>();
    Map<String, LaneNetwork> lanes = new LinkedHashMap<>();
    try {
      for (StepEngineProvider engine : engines()) {
        LaneNetwork lane = new LaneNetwork(network, input, classes, SEED, engine);
        lanes.put(engine.name(), lane);
        rates.put(engine.name(), new ArrayList<>());
        turn(lane, 0);
      }
      for (int round = 0; round < rounds; round++) {
        lanes.forEach((engine, lane) -> rates.get(engine).add(turn(lane, seconds)));
      }
      return rates;
    } finally {
      lanes.values().forEach(LaneNetwork::close);
    }
  }

  private List<StepEngineProvider> engines() {
    NativeLibraries.load();
    return StepEngines.standard().able(network.graph(input, classes));
  }

  private double turn(LaneNetwork lane, double seconds) {
    float[] parameters = new float[lane.layout().length()];
    float[] gradient = new float[lane.layout().length()];
    lane.readParameters(parameters);
    long begin = System.nanoTime();
    int steps = 0;
    do {
      lane.writeParameters(parameters);
      lane.gradient(pixels, targets, steps, gradient);
      steps++;
    } while (System.nanoTime() - begin < seconds * 1e9);
    return steps * samples / ((System.nanoTime() - begin) / 1e9);
  }

  /**
   * Where the time of a step goes.
   *
   * @param engine that computes
   * @throws IllegalStateException when the engine keeps no account of it
   */
  public StepProfile profile(EngineRequest engine, int rounds) {
    try (LaneNetwork lane = new LaneNetwork(network, input, classes, SEED, engine)) {
      return lane.profile(pixels, targets, rounds)
          .orElseThrow(() -> new IllegalStateException("the engine keeps no account of its time"));
    }
  }
}
