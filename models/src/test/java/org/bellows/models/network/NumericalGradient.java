// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.network;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.bellows.models.dl4j.Dl4jGraph;
import org.bellows.models.graph.NetworkGraph;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Compares a network's gradient with central differences, in double precision. */
public final class NumericalGradient {
  private static final double EPSILON = 1e-6;
  private static final double SIDE_EPSILON = 1e-7;
  private static final double DIRECTION_EPSILON = 1e-7;
  private static final double SHORT = 1e-9;
  private static final long DROPOUT_SEED = 23;

  private NumericalGradient() {}

  /**
   * @param seed of the initial parameters
   */
  public record Start(NetworkGraph network, long seed) {
    private FlatLayout layout() {
      return FlatLayout.of(network);
    }
  }

  /**
   * @param perParameterArray elements looked at in each parameter array, drawn from the seed
   * @return largest |analytic - numeric| / max(|analytic| + |numeric|, 1e-6)
   */
  public static double largestError(
      Start start, INDArray images, INDArray labels, int perParameterArray) {
    Problem problem = ready(drawn(start), images, labels);
    SplittableRandom random = new SplittableRandom(17);
    List<Integer> indices = new ArrayList<>();
    for (FlatLayout.ParameterSlot slot : trainable(start)) {
      for (int k = 0; k < perParameterArray; k++) {
        indices.add(slot.offset() + random.nextInt(slot.length()));
      }
    }
    return largestError(problem, indices);
  }

  /**
   * Both checks of one network of many arrays, of one element in each of a few of them. The network
   * starts away from where its own start is special: BatchNorm's gamma of 0 and biases of 0 put
   * ReLUs on their kink, and weights that are too small make gradients that drown in rounding.
   *
   * @param arrays that are drawn, the same for the same network
   */
  public static Errors errorsAwayFromTheStart(
      Start start, INDArray images, INDArray labels, int arrays) {
    // Drawing what is moved away from would take longer than a pass.
    ComputationGraph graph = new ComputationGraph(doubles(start.network(), start.seed()));
    graph.init(Nd4j.create(DataType.DOUBLE, 1, start.layout().length()), false);
    moveAway(graph);
    Problem problem = ready(graph, images, labels);
    SplittableRandom random = new SplittableRandom(17);
    List<FlatLayout.ParameterSlot> slots = trainable(start);
    List<Integer> indices = new ArrayList<>();
    for (int k = 0; k < arrays; k++) {
      FlatLayout.ParameterSlot slot = slots.get(random.nextInt(slots.size()));
      indices.add(slot.offset() + random.nextInt(slot.length()));
    }
    INDArray analytic = gradient(problem);
    return new Errors(
        largestErrorOfASide(problem, analytic, indices),
        errorAlongDirection(problem, analytic, direction(start, 1), SHORT));
  }

  /**
   * @param single largest error of an element, on the side of it where no ReLU passes its kink
   * @param along as {@link #errorAlongDirection} says, over a shorter way
   */
  public record Errors(double single, double along) {}

  /** Weights from N(0, 2 / fan-in), gamma and variance from 0.5 .. 1.5, the rest from +-0.1. */
  private static void moveAway(ComputationGraph graph) {
    Nd4j.getRandom().setSeed(29);
    for (Map.Entry<String, INDArray> entry : graph.paramTable().entrySet()) {
      INDArray parameter = entry.getValue();
      String kind = entry.getKey().substring(entry.getKey().lastIndexOf('_') + 1);
      switch (kind) {
        case "W" -> {
          INDArray normal = Nd4j.randn(DataType.DOUBLE, parameter.shape());
          parameter.assign(normal.muli(Math.sqrt(2.0 / fanIn(parameter.shape()))));
        }
        case "gamma", "var" ->
            parameter.assign(Nd4j.rand(DataType.DOUBLE, parameter.shape()).addi(0.5));
        default ->
            parameter.assign(Nd4j.rand(DataType.DOUBLE, parameter.shape()).subi(0.5).muli(0.2));
      }
    }
  }

  /** Dense [in, out], convolution [out, in, height, width], depthwise [height, width, in, 1]. */
  private static long fanIn(long[] shape) {
    if (shape.length == 2) {
      return shape[0];
    }
    return shape[3] == 1 && shape[2] > 1 ? shape[0] * shape[1] : shape[1] * shape[2] * shape[3];
  }

  private static List<FlatLayout.ParameterSlot> trainable(Start start) {
    return start.layout().segments().stream().filter(slot -> slot.kind().isTrainable()).toList();
  }

  /**
   * Deep networks have so many ReLUs and pools that one of them is next to its kink: then the loss
   * bends there, and only the difference on the other side is the slope.
   */
  private static double largestErrorOfASide(
      Problem problem, INDArray analytic, List<Integer> indices) {
    INDArray parameters = problem.graph().params();
    double here = score(problem);
    double largest = 0;
    for (int index : indices) {
      double before = parameters.getDouble(index);
      double exact = analytic.getDouble(index);
      double nearest = Double.POSITIVE_INFINITY;
      for (double step : new double[] {SIDE_EPSILON, -SIDE_EPSILON}) {
        parameters.putScalar(index, before + step);
        double error = Math.abs(exact - (score(problem) - here) / step);
        nearest = Math.min(nearest, error / Math.max(Math.abs(exact), 1e-4));
      }
      parameters.putScalar(index, before);
      largest = Math.max(largest, nearest);
    }
    return largest;
  }

  private static double largestError(Problem problem, List<Integer> indices) {
    INDArray analytic = gradient(problem);
    double largest = 0;
    for (int index : indices) {
      double numeric = difference(problem, index);
      double exact = analytic.getDouble(index);
      double scale = Math.max(Math.abs(exact) + Math.abs(numeric), 1e-6);
      largest = Math.max(largest, Math.abs(exact - numeric) / scale);
    }
    return largest;
  }

  /**
   * Moves all trainable parameters at once along a random direction d, each array by lengths of its
   * own size: the loss must change by gradient . d.
   *
   * @return |analytic - numeric| / max(|analytic|, |numeric|)
   */
  public static double errorAlongDirection(
      Start start, INDArray images, INDArray labels, int seed) {
    Problem problem = ready(drawn(start), images, labels);
    return errorAlongDirection(
        problem, gradient(problem), direction(start, seed), DIRECTION_EPSILON);
  }

  private static double errorAlongDirection(
      Problem problem, INDArray analytic, double[] direction, double epsilon) {
    double[] gradient = analytic.toDoubleVector();
    double[] start = problem.graph().params().toDoubleVector();
    double exact = 0;
    for (int i = 0; i < direction.length; i++) {
      exact += gradient[i] * direction[i];
    }
    double above = scoreAt(problem, start, direction, epsilon);
    double below = scoreAt(problem, start, direction, -epsilon);
    double numeric = (above - below) / (2 * epsilon);
    return Math.abs(exact - numeric) / Math.max(Math.abs(exact), Math.abs(numeric));
  }

  private static double[] direction(Start start, int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    FlatLayout layout = start.layout();
    double[] direction = new double[layout.length()];
    for (FlatLayout.ParameterSlot slot : layout.segments()) {
      double scale = slot.kind().isTrainable() ? 1 / Math.sqrt(slot.length()) : 0;
      for (int i = slot.offset(); i < slot.end(); i++) {
        direction[i] = scale * (random.nextBoolean() ? 1 : -1);
      }
    }
    return direction;
  }

  private static double scoreAt(Problem problem, double[] start, double[] direction, double step) {
    double[] moved = new double[start.length];
    for (int i = 0; i < start.length; i++) {
      moved[i] = start[i] + step * direction[i];
    }
    INDArray parameters = problem.graph().params();
    parameters.assign(Nd4j.createFromArray(moved).reshape(parameters.shape()));
    return score(problem);
  }

  /** A network, and what it is to learn: as many times the same labels as it has heads. */
  private record Problem(ComputationGraph graph, MultiDataSet batch) {}

  private static ComputationGraph drawn(Start start) {
    return inDoublePrecision(start.network(), start.seed());
  }

  private static Problem ready(ComputationGraph graph, INDArray images, INDArray labels) {
    INDArray[] all = new INDArray[graph.getNumOutputArrays()];
    Arrays.fill(all, labels.castTo(DataType.DOUBLE));
    INDArray[] inputs = {images.castTo(DataType.DOUBLE)};
    return new Problem(graph, new MultiDataSet(inputs, all));
  }

  /** The view holds the sum over the batch, the score the mean. */
  private static INDArray gradient(Problem problem) {
    ComputationGraph graph = problem.graph();
    graph.setInputs(problem.batch().getFeatures());
    graph.setLabels(problem.batch().getLabels());
    Nd4j.getRandom().setSeed(DROPOUT_SEED);
    graph.computeGradientAndScore();
    return graph.getFlattenedGradients().div(problem.batch().getFeatures(0).size(0));
  }

  public static ComputationGraph inDoublePrecision(NetworkGraph network, long seed) {
    ComputationGraph graph = new ComputationGraph(doubles(network, seed));
    graph.init();
    return graph;
  }

  private static ComputationGraphConfiguration doubles(NetworkGraph network, long seed) {
    ComputationGraphConfiguration configuration = Dl4jGraph.configuration(network, seed);
    configuration.setDataType(DataType.DOUBLE);
    configuration.getVertices().values().forEach(vertex -> vertex.setDataType(DataType.DOUBLE));
    return configuration;
  }

  private static double difference(Problem problem, int index) {
    INDArray parameters = problem.graph().params();
    double before = parameters.getDouble(index);
    parameters.putScalar(index, before + EPSILON);
    double above = score(problem);
    parameters.putScalar(index, before - EPSILON);
    double below = score(problem);
    parameters.putScalar(index, before);
    return (above - below) / (2 * EPSILON);
  }

  /** The loss of training, forward only: the way back is most of a step. */
  private static double score(Problem problem) {
    // Dropout must drop the same in each pass.
    Nd4j.getRandom().setSeed(DROPOUT_SEED);
    return problem.graph().score(problem.batch(), true);
  }

  /** One-hot labels [n, classes] as doubles: sample i has class i mod classes. */
  public static INDArray someLabels(int n, int classes) {
    INDArray labels = Nd4j.zeros(DataType.DOUBLE, n, classes);
    for (int i = 0; i < n; i++) {
      labels.putScalar(i, i % classes, 1);
    }
    return labels;
  }
}
