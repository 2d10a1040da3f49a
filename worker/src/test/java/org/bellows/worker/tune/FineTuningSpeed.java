// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.tune;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bellows.data.batch.ClassTargets;
import org.bellows.data.batch.LaneBatch;
import org.bellows.data.batch.LaneInput;
import org.bellows.models.graph.InputShape;
import org.bellows.models.network.NetworkCut;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.models.zoo.NetworkRegistry;
import org.bellows.worker.engine.EngineRequest;
import org.bellows.worker.engine.onednn.OneDnnEngineProvider;
import org.bellows.worker.network.LaneNetwork;

/**
 * Images a second of processor time, of one thread: training everything against training what lies
 * behind a layer, with the frozen layers computed for each batch and with their output kept. A
 * round takes each in turn; the medians are printed. Decoding is not in it.
 *
 * <p>Arguments: network, side in pixels, images of a batch, rounds, layers.
 */
public final class FineTuningSpeed {
  private static final int CLASSES = 10;

  private FineTuningSpeed() {}

  public static void main(String[] args) {
    NetworkDefinition network = NetworkRegistry.standard().get(args[0]);
    int side = Integer.parseInt(args[1]);
    int images = Integer.parseInt(args[2]);
    int rounds = Integer.parseInt(args[3]);
    InputShape input = new InputShape(3, side, side);
    LaneBatch batch = batch(input, images);
    try (LaneNetwork whole = new LaneNetwork(network, input, CLASSES, 1)) {
      float[] parameters = new float[whole.layout().length()];
      whole.readParameters(parameters);
      Map<String, TrainableNetwork> learners = new LinkedHashMap<>();
      learners.put("everything", new FullTraining(whole));
      for (String layer : List.of(args).subList(4, args.length)) {
        NetworkCut cut = NetworkCut.splitAfter(network, input, CLASSES, layer);
        learners.put(
            "after " + layer + ", frozen in batches",
            new TailTraining(
                whole,
                cut,
                EngineRequest.named(OneDnnEngineProvider.NAME),
                false,
                Optional.empty()));
        learners.put(
            "after " + layer + ", frozen one by one",
            new TailTraining(
                whole,
                cut,
                EngineRequest.named(OneDnnEngineProvider.NAME),
                true,
                Optional.empty()));
        FeatureCache cache = new FeatureCache("", images, cut.shape().elements(), 1L << 30);
        learners.put(
            "after " + layer + ", kept",
            new TailTraining(
                whole,
                cut,
                EngineRequest.named(OneDnnEngineProvider.NAME),
                true,
                Optional.of(cache)));
      }
      measure(learners, batch, parameters, rounds);
    }
  }

  private static void measure(
      Map<String, TrainableNetwork> learners, LaneBatch batch, float[] parameters, int rounds) {
    Map<String, List<Double>> seconds = new LinkedHashMap<>();
    // The first round compiles plans and fills caches.
    for (int round = 0; round <= rounds; round++) {
      for (Map.Entry<String, TrainableNetwork> trainable : learners.entrySet()) {
        double taken = step(trainable.getValue(), batch, parameters);
        if (round > 0) {
          seconds.computeIfAbsent(trainable.getKey(), name -> new ArrayList<>()).add(taken);
        }
      }
    }
    seconds.forEach(
        (name, times) -> {
          times.sort(null);
          double median = times.get(times.size() / 2);
          System.out.printf("%-50s %10.1f images/s%n", name, batch.size() / median);
        });
    learners.values().forEach(TrainableNetwork::close);
  }

  /** What a step of one lane costs: its gradient, and taking over new parameters. */
  private static double step(TrainableNetwork trainable, LaneBatch batch, float[] parameters) {
    float[] targets = batch.targets().ofClasses().distributions();
    long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    trainable.recycle(
        trainable.take(trainable.network().ofLane(trainable.input(batch), targets, 1)));
    trainable.writeParameters(parameters);
    return (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before) * 1e-9;
  }

  private static LaneBatch batch(InputShape input, int images) {
    float[] pixels = new float[images * input.elements()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (i * 37 % 101) / 50f - 1;
    }
    long[] ids = new long[images];
    int[] labels = new int[images];
    for (int i = 0; i < images; i++) {
      ids[i] = i;
      labels[i] = i % CLASSES;
    }
    LaneInput pictures = new LaneInput.Pictures(pixels, Optional.empty());
    return new LaneBatch(0, 0, ids, pictures, ClassTargets.of(labels, CLASSES));
  }
}
