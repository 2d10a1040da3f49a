package org.bellows.worker.network;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.bellows.conf.Settings;
import org.bellows.models.graph.InputShape;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.worker.engine.onednn.StepProfile;

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
    RandomBatch batch = RandomBatch.of(input, classes, samples);
    this.pixels = batch.pixels();
    this.targets = batch.targets();
  }

  /**
   * Both engines in alternation, so that what else the machine does meets both.
   *
   * @param rounds how often each has its turn
   * @param seconds of a turn, at least one step
   * @return by engine, images/s of each turn
   */
  public Map<Settings.StepEngine, List<Double>> imagesPerSecond(int rounds, double seconds) {
    Map<Settings.StepEngine, List<Double>> rates = new EnumMap<>(Settings.StepEngine.class);
    Map<Settings.StepEngine, LaneNetwork> lanes = new EnumMap<>(Settings.StepEngine.class);
    try {
      for (Settings.StepEngine engine : Settings.StepEngine.values()) {
        lanes.put(engine, lane(engine));
        rates.put(engine, new ArrayList<>());
        turn(lanes.get(engine), 0);
      }
      for (int round = 0; round < rounds; round++) {
        lanes.forEach((engine, lane) -> rates.get(engine).add(turn(lane, seconds)));
      }
      return rates;
    } finally {
      lanes.values().forEach(LaneNetwork::close);
    }
  }

  private LaneNetwork lane(Settings.StepEngine engine) {
    return new LaneNetwork(network, input, classes, SEED, engine);
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

  /** Where the time of the onednn step goes. */
  public StepProfile profile(int rounds) {
    try (LaneNetwork lane = lane(Settings.StepEngine.ONEDNN)) {
      return lane.profile(pixels, targets, rounds);
    }
  }
}
