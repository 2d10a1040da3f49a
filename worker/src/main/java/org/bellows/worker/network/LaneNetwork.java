package org.bellows.worker.network;

import java.nio.FloatBuffer;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bellows.conf.BellowsException;
import org.bellows.data.batch.Targets;
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

  /** By their last layer, with copies of the parameters; made when they are first asked for. */
  private final Map<String, ComputationGraph> parts = new HashMap<>();

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
    closeParts();
  }

  /** As below, with each sample of one class: labels [n], 0 .. classes-1. */
  public double gradient(float[] pixels, int[] labels, long seed, float[] gradient) {
    return gradient(pixels, Targets.oneHot(labels, classes), seed, gradient);
  }

  /**
   * Forward and backward.
   *
   * @param pixels [n, channels, height, width]
   * @param targets [n, width], row-major: what the network's loss takes. Of plain cross-entropy [n,
   *     classes], each row a distribution t over the classes; others say it in {@code models.loss}
   * @param seed of dropout in this pass
   * @param gradient [at least layout().length()], overwritten: for trainable parameters the sum
   *     over the n samples, for running statistics this batch's moments ({@link BatchStatistics})
   * @return sum over the n samples of the loss, in nats: the cross-entropy of the network's answer
   *     plus, times their weights, those of its auxiliary heads
   */
  public double gradient(float[] pixels, float[] targets, long seed, float[] gradient) {
    int n = pixels.length / (input.channels() * input.height() * input.width());
    Nd4j.getRandom().setSeed(seed);
    try (INDArray images = images(pixels, n);
        INDArray taught = Nd4j.create(targets, new long[] {n, targets.length / n}, 'c')) {
      graph.setInputs(images);
      graph.setLabels(Collections.nCopies(outputs.size(), taught).toArray(INDArray[]::new));
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

  /**
   * Forward in inference mode of several views of each sample; the answers to them are averaged.
   *
   * @param pixels [n, views, channels, height, width]
   * @return probabilities [n, classes], row-major
   */
  public float[] probabilities(float[] pixels, int n, int views) {
    float[] ofViews = probabilities(pixels, n * views);
    return views == 1 ? ofViews : means(ofViews, n, views);
  }

  /** [n, views, classes] -> [n, classes]. */
  private float[] means(float[] ofViews, int n, int views) {
    float[] means = new float[n * classes];
    for (int sample = 0; sample < n; sample++) {
      for (int label = 0; label < classes; label++) {
        double sum = 0;
        for (int view = 0; view < views; view++) {
          sum += ofViews[(sample * views + view) * classes + label];
        }
        means[sample * classes + label] = (float) (sum / views);
      }
    }
    return means;
  }

  /**
   * Forward in inference mode to one layer, and no further.
   *
   * @param pixels [n, channels, height, width]
   * @param layer name of a layer or vertex; that of the network's answer gives its probabilities
   * @throws BellowsException (configuration) for an unknown name, with those that there are
   */
  public LayerOutput activations(float[] pixels, int n, String layer) {
    ComputationGraph part = parts.computeIfAbsent(layer, this::part);
    try (INDArray images = images(pixels, n);
        INDArray output = part.output(List.of(layer), false, new INDArray[] {images}, null)[0];
        INDArray rows = output.dup('c')) {
      float[] values = new float[Math.toIntExact(rows.length())];
      floats(rows).get(values);
      return new LayerOutput(rows.shape(), values);
    }
  }

  private ComputationGraph part(String layer) {
    Set<String> known = graph.getConfiguration().getVertices().keySet();
    if (!known.contains(layer)) {
      throw BellowsException.configuration(
          "the network has no layer \"%s\"; it has %s".formatted(layer, String.join(", ", known)));
    }
    ComputationGraph part = PartialGraph.of(graph.getConfiguration(), layer);
    float[] all = new float[layout.length()];
    readParameters(all);
    FlatLayout own = FlatLayout.of(part);
    if (own.length() > 0) {
      floats(part.params()).put(PartialGraph.copy(layout, all, own));
    }
    return part;
  }

  private INDArray images(float[] pixels, int n) {
    return Nd4j.create(
        pixels, new long[] {n, input.channels(), input.height(), input.width()}, 'c');
  }

  private static FloatBuffer floats(INDArray array) {
    if (array.dataType() != DataType.FLOAT) {
      throw new IllegalStateException("expected FLOAT, actual " + array.dataType());
    }
    FloatBuffer floats = array.data().asNioFloat();
    floats.position(Math.toIntExact(array.offset()));
    return floats.slice();
  }

  private void closeParts() {
    for (ComputationGraph part : parts.values()) {
      if (part.params() != null) {
        part.params().close();
      }
    }
    parts.clear();
  }

  @Override
  public void close() {
    closeParts();
    graph.params().close();
  }
}
