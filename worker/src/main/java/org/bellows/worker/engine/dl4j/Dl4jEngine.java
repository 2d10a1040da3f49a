// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.dl4j;

import java.nio.FloatBuffer;
import java.util.Collections;
import java.util.List;
import org.bellows.models.dl4j.Dl4jGraph;
import org.bellows.models.graph.InputShape;
import org.bellows.models.layer.LayerShape;
import org.bellows.models.network.FlatLayout;
import org.bellows.worker.engine.BatchStatistics;
import org.bellows.worker.engine.EngineNetwork;
import org.bellows.worker.engine.GradientSums;
import org.bellows.worker.engine.HostGradientSums;
import org.bellows.worker.engine.NetworkSizes;
import org.bellows.worker.engine.StepEngine;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** DL4J's graph: the plain reference. */
final class Dl4jEngine implements StepEngine {
  private final ComputationGraph graph;
  private final FlatLayout layout;
  private final BatchStatistics statistics;
  private final InputShape input;
  private final NetworkSizes sizes;
  private final GradientSums sums = new HostGradientSums(this);

  /** The network's answer, then its auxiliary heads. */
  private final List<String> outputs;

  /** Of one sample. */
  private final LayerShape answer;

  private final boolean isOfPixels;

  Dl4jEngine(EngineNetwork network) {
    this.graph = Dl4jGraph.unwritten(network.graph());
    this.layout = network.layout();
    this.statistics = new BatchStatistics(layout);
    this.input = network.graph().inputShape();
    this.sizes = network.sizes();
    this.outputs = network.graph().heads();
    this.answer = network.graph().shape(network.graph().answer());
    this.isOfPixels = network.graph().pixelHead().isPresent();
    writeParameters(network.parameters());
  }

  @Override
  public FlatLayout layout() {
    return layout;
  }

  @Override
  public void readParameters(float[] target) {
    floats(graph.params()).get(target, 0, layout.length());
  }

  @Override
  public void writeParameters(float[] source) {
    floats(graph.params()).put(source, 0, layout.length());
  }

  @Override
  public double gradient(float[] pixels, float[] targets, long seed, float[] gradient) {
    int n = pixels.length / input.elements();
    Nd4j.getRandom().setSeed(seed);
    try (INDArray images = images(pixels, n);
        INDArray taught = labels(targets, n)) {
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
   * [n, width]; of pixels as many channels as the answer has, of which labels and weights take two.
   */
  private INDArray labels(float[] targets, int n) {
    if (!isOfPixels) {
      return Nd4j.create(targets, new long[] {n, targets.length / n}, 'c');
    }
    int given = targets.length / n;
    int elements = Math.toIntExact(answer.elements());
    float[] channels = new float[n * elements];
    for (int i = 0; i < n; i++) {
      System.arraycopy(targets, i * given, channels, i * elements, given);
    }
    return Nd4j.create(channels, answer.batch(n), 'c');
  }

  @Override
  public GradientSums gradientSums() {
    return sums;
  }

  @Override
  public float[] probabilities(float[] pixels, int n) {
    try (INDArray images = images(pixels, n);
        INDArray output =
            graph.output(outputs.subList(0, 1), false, new INDArray[] {images}, null)[0]) {
      float[] probabilities = new float[Math.toIntExact(output.length())];
      // Of pixels it is a view in another order.
      boolean isPlain = output.ordering() == 'c' && !isOfPixels;
      floats(isPlain ? output : output.dup('c')).get(probabilities);
      return probabilities;
    }
  }

  @Override
  public float[] activations(float[] pixels, int n, String vertex) {
    try (INDArray images = images(pixels, n)) {
      return activations(graph, images, vertex);
    }
  }

  /** A graph is made for the pass, with this one's parameters by name. */
  @Override
  public float[] activations(float[] pixels, int n, InputShape picture, String vertex) {
    ComputationGraph sized = Dl4jGraph.unwritten(sizes.at(picture));
    try (INDArray images = images(pixels, n, picture);
        INDArray parameters = sized.params()) {
      sized.paramTable().forEach((name, array) -> array.assign(graph.getParam(name)));
      return activations(sized, images, vertex);
    }
  }

  private static float[] activations(ComputationGraph graph, INDArray images, String vertex) {
    if (graph.getVertex(vertex) == null) {
      throw new IllegalArgumentException("the network has no vertex " + vertex);
    }
    try {
      INDArray output = graph.feedForward(new INDArray[] {images}, false).get(vertex);
      float[] values = new float[Math.toIntExact(output.length())];
      floats(output.dup('c')).get(values);
      return values;
    } finally {
      graph.clear();
    }
  }

  private INDArray images(float[] pixels, int n) {
    return images(pixels, n, input);
  }

  private static INDArray images(float[] pixels, int n, InputShape picture) {
    return Nd4j.create(
        pixels, new long[] {n, picture.channels(), picture.height(), picture.width()}, 'c');
  }

  /** An array's own memory, in the array's order. */
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
