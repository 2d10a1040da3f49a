package org.bellows.models.network;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Compares a network's gradient with central differences, in double precision. */
public final class NumericalGradient {
  private static final double EPSILON = 1e-6;
  private static final double DIRECTION_EPSILON = 1e-7;
  private static final long DROPOUT_SEED = 23;

  private NumericalGradient() {}

  /**
   * @param perParameterArray elements looked at in each parameter array, drawn from the seed
   * @return largest |analytic - numeric| / max(|analytic| + |numeric|, 1e-6)
   */
  public static double largestError(
      ComputationGraphConfiguration configuration,
      INDArray images,
      INDArray labels,
      int perParameterArray) {
    ComputationGraph graph = ready(configuration, images, labels);
    INDArray analytic = gradient(graph);
    SplittableRandom random = new SplittableRandom(17);
    double largest = 0;
    for (FlatLayout.Segment segment : FlatLayout.of(graph).segments()) {
      for (int k = 0; segment.kind().isTrainable() && k < perParameterArray; k++) {
        int index = segment.offset() + random.nextInt(segment.length());
        double numeric = difference(graph, index);
        double exact = analytic.getDouble(index);
        double scale = Math.max(Math.abs(exact) + Math.abs(numeric), 1e-6);
        largest = Math.max(largest, Math.abs(exact - numeric) / scale);
      }
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
      ComputationGraphConfiguration configuration, INDArray images, INDArray labels, int seed) {
    ComputationGraph graph = ready(configuration, images, labels);
    double[] gradient = gradient(graph).toDoubleVector();
    double[] start = graph.params().toDoubleVector();
    double[] direction = direction(graph, seed);
    double exact = 0;
    for (int i = 0; i < direction.length; i++) {
      exact += gradient[i] * direction[i];
    }
    double above = scoreAt(graph, start, direction, DIRECTION_EPSILON);
    double below = scoreAt(graph, start, direction, -DIRECTION_EPSILON);
    double numeric = (above - below) / (2 * DIRECTION_EPSILON);
    return Math.abs(exact - numeric) / Math.max(Math.abs(exact), Math.abs(numeric));
  }

  private static double[] direction(ComputationGraph graph, int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] direction = new double[Math.toIntExact(graph.numParams())];
    for (FlatLayout.Segment segment : FlatLayout.of(graph).segments()) {
      double scale = segment.kind().isTrainable() ? 1 / Math.sqrt(segment.length()) : 0;
      for (int i = segment.offset(); i < segment.end(); i++) {
        direction[i] = scale * (random.nextBoolean() ? 1 : -1);
      }
    }
    return direction;
  }

  private static double scoreAt(
      ComputationGraph graph, double[] start, double[] direction, double step) {
    double[] moved = new double[start.length];
    for (int i = 0; i < start.length; i++) {
      moved[i] = start[i] + step * direction[i];
    }
    graph.params().assign(Nd4j.createFromArray(moved).reshape(graph.params().shape()));
    return score(graph);
  }

  private static ComputationGraph ready(
      ComputationGraphConfiguration configuration, INDArray images, INDArray labels) {
    ComputationGraph graph = inDoublePrecision(configuration);
    graph.setInputs(images.castTo(DataType.DOUBLE));
    INDArray[] all = new INDArray[graph.getNumOutputArrays()];
    Arrays.fill(all, labels.castTo(DataType.DOUBLE));
    graph.setLabels(all);
    return graph;
  }

  /** The view holds the sum over the batch, the score the mean. */
  private static INDArray gradient(ComputationGraph graph) {
    score(graph);
    return graph.getFlattenedGradients().div(graph.getInput(0).size(0));
  }

  public static ComputationGraph inDoublePrecision(ComputationGraphConfiguration configuration) {
    configuration.setDataType(DataType.DOUBLE);
    configuration.getVertices().values().forEach(vertex -> vertex.setDataType(DataType.DOUBLE));
    ComputationGraph graph = new ComputationGraph(configuration);
    graph.init();
    return graph;
  }

  private static double difference(ComputationGraph graph, int index) {
    INDArray parameters = graph.params();
    double before = parameters.getDouble(index);
    parameters.putScalar(index, before + EPSILON);
    double above = score(graph);
    parameters.putScalar(index, before - EPSILON);
    double below = score(graph);
    parameters.putScalar(index, before);
    return (above - below) / (2 * EPSILON);
  }

  private static double score(ComputationGraph graph) {
    // Dropout must drop the same in each pass.
    Nd4j.getRandom().setSeed(DROPOUT_SEED);
    graph.computeGradientAndScore();
    return graph.score();
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
