package org.bellows.worker.engine;

import java.util.SplittableRandom;
import org.bellows.conf.Settings;
import org.bellows.data.batch.Targets;
import org.bellows.models.graph.StochasticDepth;
import org.bellows.models.network.InputShape;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.worker.network.LaneNetwork;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;

/** One network on both engines: the same parameters, the same batch. */
record Comparison(Result onednn, Result dl4j) {

  /** What one engine says. */
  record Result(double loss, float[] gradient, float[] probabilities) {}

  static Comparison of(NetworkDefinition network, InputShape input, int classes, int n) {
    return new Comparison(
        result(network, input, classes, n, Settings.StepEngine.ONEDNN),
        result(network, input, classes, n, Settings.StepEngine.DL4J));
  }

  private static Result result(
      NetworkDefinition network, InputShape input, int classes, int n, Settings.StepEngine engine) {
    float[] pixels = pixels(n * input.elements(), 5);
    float[] targets = Targets.oneHot(labels(n, classes), classes);
    try (LaneNetwork lane = new LaneNetwork(network, input, classes, 7, engine)) {
      float[] gradient = new float[lane.layout().length()];
      double loss = lane.gradient(pixels, targets, 1, gradient);
      return new Result(loss, gradient, lane.probabilities(pixels, n));
    }
  }

  /** |onednn - dl4j| / |dl4j| of the gradients. */
  double gradientError() {
    return relativeError(onednn.gradient(), dl4j.gradient());
  }

  double largestProbabilityError() {
    double largest = 0;
    for (int i = 0; i < dl4j.probabilities().length; i++) {
      largest = Math.max(largest, Math.abs(onednn.probabilities()[i] - dl4j.probabilities()[i]));
    }
    return largest;
  }

  static double relativeError(float[] actual, float[] expected) {
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < expected.length; i++) {
      double off = (double) actual[i] - expected[i];
      difference += off * off;
      norm += (double) expected[i] * expected[i];
    }
    return difference == 0 ? 0 : Math.sqrt(difference / norm);
  }

  static float[] pixels(int count, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] pixels = new float[count];
    for (int i = 0; i < count; i++) {
      pixels[i] = (float) (random.nextDouble() * 4 - 2);
    }
    return pixels;
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
    return new NetworkDefinition(
        network.name(),
        network.paper(),
        network.usualInput(),
        network.usualClasses(),
        network.smallestSide(),
        (input, classes, seed) -> {
          ComputationGraphConfiguration graph = network.builder().build(input, classes, seed);
          graph.getVertices().replaceAll((name, vertex) -> withoutDrops(vertex));
          return graph;
        });
  }

  private static GraphVertex withoutDrops(GraphVertex vertex) {
    if (vertex instanceof StochasticDepth) {
      return new StochasticDepth(1);
    }
    if (vertex instanceof LayerVertex holder
        && holder.getLayerConf().getLayer() instanceof DropoutLayer drop) {
      drop.setIDropout(new Dropout(1));
    }
    return vertex;
  }
}
