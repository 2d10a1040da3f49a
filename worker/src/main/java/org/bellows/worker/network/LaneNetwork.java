package org.bellows.worker.network;

import java.nio.FloatBuffer;
import java.util.Collections;
import java.util.List;
import org.bellows.models.network.FlatLayout;
import org.bellows.models.network.InputShape;
import org.bellows.models.network.NetworkDefinition;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A network that computes sums over one lane batch. Parameters and gradients are flat vectors in
 * {@link FlatLayout}'s order. Nothing is kept between calls but the parameters, so that one network
 * can serve all lanes of a worker in turn. Not thread-safe.
 */
public final class LaneNetwork implements AutoCloseable {
  private final ComputationGraph graph;
  private final FlatLayout layout;
  private final BatchStatistics statistics;
  private final InputShape input;
  private final int classes;

  /** The network's answer, then its auxiliary heads. */
  private final List<String> outputs;

  public LaneNetwork(NetworkDefinition definition, InputShape input, int classes, long seed) {
    this(definition.builder().build(input, classes, seed), input, classes);
  }

  private LaneNetwork(ComputationGraphConfiguration configuration, InputShape input, int classes) {
    this.graph = new ComputationGraph(configuration);
    graph.init();
    this.layout = FlatLayout.of(graph);
    this.statistics = new BatchStatistics(layout);
    this.input = input;
    this.classes = classes;
    this.outputs = configuration.getNetworkOutputs();
  }

  public FlatLayout layout() {
    return layout;
  }

  public int classes() {
    return classes;
  }

  /** Copies out [layout().length()] parameters; target may be longer. */
  public void readParameters(float[] target) {
    floats(graph.params()).get(target, 0, layout.length());
  }

  /** Takes over the first layout().length() floats. */
  public void writeParameters(float[] source) {
    floats(graph.params()).put(source, 0, layout.length());
  }

  /**
   * Forward and backward.
   *
   * @param pixels [n, channels, height, width]
   * @param labels [n], 0 .. classes-1
   * @param seed of dropout in this pass
   * @param gradient [at least layout().length()], overwritten: for trainable parameters the sum
   *     over the n samples, for running statistics this batch's moments ({@link BatchStatistics})
   * @return sum over the n samples of the loss, in nats: the cross-entropy of the network's answer
   *     plus, times their weights, those of its auxiliary heads
   */
  public double gradient(float[] pixels, int[] labels, long seed, float[] gradient) {
    int n = labels.length;
    Nd4j.getRandom().setSeed(seed);
    try (INDArray images = images(pixels, n);
        INDArray targets = oneHot(labels)) {
      graph.setInputs(images);
      graph.setLabels(Collections.nCopies(outputs.size(), targets).toArray(INDArray[]::new));
      graph.computeGradientAndScore();
      floats(graph.getFlattenedGradients()).get(gradient, 0, layout.length());
      statistics.toMomentsInPlace(gradient, floats(graph.params()));
      return graph.score() * n;
    } finally {
      graph.clear();
    }
  }

  /**
   * Forward in inference mode (running statistics, no dropout, no auxiliary heads).
   *
   * @param pixels [n, channels, height, width]
   * @return probabilities [n, classes], row-major
   */
  public float[] probabilities(float[] pixels, int n) {
    try (INDArray images = images(pixels, n);
        INDArray output =
            graph.output(outputs.subList(0, 1), false, new INDArray[] {images}, null)[0]) {
      float[] probabilities = new float[n * classes];
      floats(output.ordering() == 'c' ? output : output.dup('c')).get(probabilities);
      return probabilities;
    }
  }

  private INDArray images(float[] pixels, int n) {
    return Nd4j.create(
        pixels, new long[] {n, input.channels(), input.height(), input.width()}, 'c');
  }

  private INDArray oneHot(int[] labels) {
    float[] targets = new float[labels.length * classes];
    for (int i = 0; i < labels.length; i++) {
      targets[i * classes + labels[i]] = 1;
    }
    return Nd4j.create(targets, new long[] {labels.length, classes}, 'c');
  }

  private static FloatBuffer floats(INDArray array) {
    if (array.dataType() != DataType.FLOAT) {
      throw new IllegalStateException("expected FLOAT, actual " + array.dataType());
    }
    FloatBuffer floats = array.data().asNioFloat();
    floats.position(Math.toIntExact(array.offset()));
    return floats.slice();
  }

  @Override
  public void close() {
    graph.params().close();
  }
}
