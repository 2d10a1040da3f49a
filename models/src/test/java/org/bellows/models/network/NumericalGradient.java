package org.bellows.models.network;

import java.util.SplittableRandom;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Compares a network's gradient with central differences, in double precision. */
public final class NumericalGradient {
  private static final double EPSILON = 1e-6;

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
    ComputationGraph graph = inDoublePrecision(configuration);
    graph.setInputs(images.castTo(DataType.DOUBLE));
    graph.setLabels(labels.castTo(DataType.DOUBLE));
    graph.computeGradientAndScore();
    // The view holds the sum over the batch, the score the mean.
    INDArray analytic = graph.getFlattenedGradients().div(images.size(0));
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
