// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.bellows.models.dl4j.Dl4jGraph;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.layer.ParameterKind;
import org.bellows.models.network.FlatLayout;
import org.bellows.models.network.FlatLayout.ParameterSlot;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.worker.engine.EngineNetwork;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A network on DL4J's graph in double precision: what the engines, which compute in float, are held
 * against.
 */
final class DoubleReference implements AutoCloseable {
  private final ComputationGraph graph;
  private final FlatLayout layout;
  private final double[] parameters;
  private final double[] pixels;
  private final InputShape input;
  private final int samples;
  private final double loss;
  private final double[] gradient;
  private final double[] probabilities;

  /**
   * @param initial what the engines begin with
   */
  DoubleReference(EngineNetwork initial, int classes, int samples) {
    NetworkGraph described = initial.graph();
    ComputationGraphConfiguration configuration = Dl4jGraph.configuration(described, 7);
    configuration.setDataType(DataType.DOUBLE);
    configuration.getVertices().values().forEach(vertex -> vertex.setDataType(DataType.DOUBLE));
    this.graph = new ComputationGraph(configuration);
    this.layout = initial.layout();
    this.input = described.inputShape();
    this.parameters = Comparison.doubles(initial.parameters());
    // Drawing some of its own would take longer than a pass.
    graph.init(Nd4j.create(DataType.DOUBLE, 1, layout.length()), false);
    this.pixels =
        Comparison.doubles(Comparison.pixels(samples * input.elements(), Comparison.PIXELS_SEED));
    this.samples = samples;
    INDArray[] heads = new INDArray[graph.getNumOutputArrays()];
    Arrays.fill(heads, targets(described, classes));
    graph.setLabels(heads);
    write(this.parameters);
    this.gradient = gradient();
    this.loss = graph.score() * samples;
    this.probabilities = probabilities();
  }

  /** With the parameters that {@link Comparison#result} begins with. */
  static DoubleReference of(NetworkDefinition network, InputShape input, int classes, int samples) {
    return new DoubleReference(Comparison.initial(network, input, classes), classes, samples);
  }

  /**
   * DL4J wants labels of pixels shaped as the answer; labels and weights are the first two maps.
   */
  private INDArray targets(NetworkGraph network, int classes) {
    double[] targets = Comparison.doubles(Comparison.targets(network, classes, samples));
    long[] shape = network.shape(network.answer()).batch(samples);
    int given = targets.length / samples;
    int expected = Math.toIntExact(network.shape(network.answer()).elements());
    double[] shaped = new double[samples * expected];
    for (int i = 0; i < samples; i++) {
      System.arraycopy(targets, i * given, shaped, i * expected, given);
    }
    return Nd4j.create(shaped, shape, 'c');
  }

  /** Loss, gradient (moments where running statistics are) and probabilities. */
  Comparison.Result result() {
    double[] moments = gradient.clone();
    toMomentsInPlace(moments);
    return new Comparison.Result(loss, moments, probabilities);
  }

  /**
   * How far the answers move when each parameter moves by a share of itself: what rounding does to
   * an engine that makes no mistake.
   *
   * @param share largest relative change of a parameter, drawn evenly from -share to share
   */
  Sensitivity sensitivity(double share, long seed) {
    write(moved(share, seed));
    double ofGradient = errorOfTrained(gradient());
    double ofProbabilities = Comparison.largestDifference(probabilities(), probabilities);
    return new Sensitivity(ofGradient, ofProbabilities);
  }

  private double[] moved(double share, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] moved = parameters.clone();
    for (int i = 0; i < moved.length; i++) {
      moved[i] *= 1 + share * (2 * random.nextDouble() - 1);
    }
    return moved;
  }

  /**
   * @param gradient |moved - gradient| / |gradient| over what is trained
   * @param probabilities largest change of one
   */
  record Sensitivity(double gradient, double probabilities) {

    Sensitivity times(double factor) {
      return new Sensitivity(factor * gradient, factor * probabilities);
    }

    Sensitivity max(Sensitivity other) {
      return new Sensitivity(
          Math.max(gradient, other.gradient), Math.max(probabilities, other.probabilities));
    }
  }

  private void write(double[] values) {
    graph.params().assign(Nd4j.createFromArray(values).reshape(graph.params().shape()));
  }

  private double[] gradient() {
    graph.setInputs(images());
    graph.computeGradientAndScore();
    return graph.getFlattenedGradients().toDoubleVector();
  }

  private double[] probabilities() {
    return graph.output(images())[0].dup('c').data().asDouble();
  }

  /** |there - gradient| / |gradient| over what is trained. */
  private double errorOfTrained(double[] there) {
    double difference = 0;
    double norm = 0;
    for (ParameterSlot slot : layout.segments()) {
      for (int i = slot.offset(); i < slot.end() && slot.kind().isTrainable(); i++) {
        double off = there[i] - gradient[i];
        difference += off * off;
        norm += gradient[i] * gradient[i];
      }
    }
    return Math.sqrt(difference / norm);
  }

  private INDArray images() {
    long[] shape = {samples, input.channels(), input.height(), input.width()};
    return Nd4j.create(pixels, shape, 'c');
  }

  /** What {@code BatchStatistics} does in float: from DL4J's update to the lane's moments. */
  private void toMomentsInPlace(double[] gradient) {
    Map<String, ParameterSlot> variances = new HashMap<>();
    layout.segments().stream()
        .filter(slot -> slot.kind() == ParameterKind.RUNNING_VARIANCE)
        .forEach(slot -> variances.put(slot.layer(), slot));
    for (ParameterSlot mean : layout.segments()) {
      if (mean.kind() == ParameterKind.RUNNING_MEAN) {
        int variance = variances.get(mean.layer()).offset();
        double share = 1 - mean.decay();
        for (int i = 0; i < mean.length(); i++) {
          double shift = -gradient[mean.offset() + i] / share;
          gradient[mean.offset() + i] = shift;
          gradient[variance + i] =
              parameters[variance + i] - gradient[variance + i] / share + shift * shift;
        }
      }
    }
  }

  @Override
  public void close() {
    graph.close();
  }
}
