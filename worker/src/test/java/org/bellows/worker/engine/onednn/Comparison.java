// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn;

import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import org.bellows.data.batch.ClassTargets;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.layer.Dropout;
import org.bellows.models.layer.ParameterKind;
import org.bellows.models.layer.StochasticDepth;
import org.bellows.models.network.FlatLayout;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.worker.engine.EngineNetwork;
import org.bellows.worker.engine.EngineRequest;
import org.bellows.worker.engine.StepEngine;
import org.bellows.worker.engine.StepEngineProvider;
import org.bellows.worker.engine.dl4j.Dl4jEngineProvider;
import org.bellows.worker.engine.registry.StepEngines;
import org.bellows.worker.engine.torch.TorchEngineProvider;
import org.bellows.worker.natives.NativeLibraries;
import org.bellows.worker.network.RandomBatch;

/** One network on all engines: the same parameters, the same batch. */
record Comparison(Result onednn, Result torch, Result dl4j) {
  static final long PIXELS_SEED = 5;

  /** Of the initial parameters. */
  static final long SEED = 7;

  /**
   * What one engine says of a batch, or the reference.
   *
   * @param loss sum over the batch
   * @param gradient [parameters], the sum over the batch; a BatchNorm's moments where its running
   *     statistics are
   * @param probabilities [n, classes]
   */
  record Result(double loss, double[] gradient, double[] probabilities) {

    /** |this - expected| / |expected| of the gradients. */
    double gradientError(Result expected) {
      return relativeError(gradient, expected.gradient());
    }

    double largestProbabilityError(Result expected) {
      return largestDifference(probabilities, expected.probabilities());
    }
  }

  static Comparison of(NetworkDefinition network, InputShape input, int classes, int n) {
    EngineNetwork initial = initial(network, input, classes);
    return new Comparison(
        result(initial, classes, n, EngineRequest.named(OneDnnEngineProvider.NAME)),
        result(initial, classes, n, EngineRequest.named(TorchEngineProvider.NAME)),
        result(initial, classes, n, EngineRequest.named(Dl4jEngineProvider.NAME)));
  }

  /** What several engines begin with: drawing it takes longer than a pass of a wide network. */
  static EngineNetwork initial(NetworkDefinition network, InputShape input, int classes) {
    NativeLibraries.load();
    return EngineNetwork.of(network.graph(input, classes), SEED);
  }

  static Result result(
      NetworkDefinition network, InputShape input, int classes, int n, EngineRequest engine) {
    return result(initial(network, input, classes), classes, n, engine);
  }

  static Result result(EngineNetwork initial, int classes, int n, EngineRequest asked) {
    NetworkGraph graph = initial.graph();
    float[] pixels = pixels(n * graph.inputShape().elements(), PIXELS_SEED);
    float[] targets = targets(graph, classes, n);
    StepEngineProvider provider = StepEngines.standard().choose(asked, graph).provider();
    try (StepEngine engine = provider.open(initial)) {
      float[] gradient = new float[initial.layout().length()];
      double loss = engine.gradient(pixels, targets, 1, gradient);
      for (FlatLayout.ParameterSlot slot : initial.layout().segments()) {
        if (slot.kind() == ParameterKind.FROZEN) {
          // What does not learn has no gradient; an engine may leave anything there.
          Arrays.fill(gradient, slot.offset(), slot.end(), 0);
        }
      }
      return new Result(loss, doubles(gradient), doubles(engine.probabilities(pixels, n)));
    }
  }

  /** By name, those that are held against DL4J's. */
  Map<String, Result> fast() {
    return Map.of(OneDnnEngineProvider.NAME, onednn, TorchEngineProvider.NAME, torch);
  }

  static double relativeError(float[] actual, float[] expected) {
    return relativeError(doubles(actual), doubles(expected));
  }

  /** NaN, which is below no limit, where nothing can be said: all that is expected is 0. */
  static double relativeError(double[] actual, double[] expected) {
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < expected.length; i++) {
      double off = actual[i] - expected[i];
      difference += off * off;
      norm += expected[i] * expected[i];
    }
    return Math.sqrt(difference / norm);
  }

  static double largestDifference(double[] actual, double[] expected) {
    double largest = 0;
    for (int i = 0; i < expected.length; i++) {
      largest = Math.max(largest, Math.abs(actual[i] - expected[i]));
    }
    return largest;
  }

  static double[] doubles(float[] floats) {
    double[] doubles = new double[floats.length];
    for (int i = 0; i < floats.length; i++) {
      doubles[i] = floats[i];
    }
    return doubles;
  }

  static float[] pixels(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] pixels = new float[count];
    for (int i = 0; i < count; i++) {
      pixels[i] = (float) (random.nextDouble() * 4 - 2);
    }
    return pixels;
  }

  /** As the network's loss takes them: one class of each image, or one of each pixel. */
  static float[] targets(NetworkGraph network, int classes, int n) {
    return network.pixelHead().isPresent()
        ? RandomBatch.of(network, classes, n).targets()
        : ClassTargets.oneHot(labels(n, classes), classes);
  }

  static int[] labels(int n, int classes) {
    int[] labels = new int[n];
    for (int i = 0; i < n; i++) {
      labels[i] = i * 7 % classes;
    }
    return labels;
  }

  /** The network with nothing left to chance: the engines draw from different numbers. */
  static NetworkDefinition withoutDrops(NetworkDefinition network) {
    return network.withLayers(
        layer -> {
          if (layer instanceof StochasticDepth) {
            return new StochasticDepth(1);
          }
          return layer instanceof Dropout ? new Dropout(0) : layer;
        });
  }
}
