// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import org.bellows.conf.load.SettingsLoader;
import org.bellows.models.dl4j.Dl4jGraph;
import org.bellows.models.graph.InputShape;
import org.bellows.models.network.FlatLayout;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.models.optimizer.Nesterov;
import org.bellows.models.optimizer.Optimizer;
import org.bellows.models.optimizer.WeightDecay;
import org.bellows.models.zoo.NetworkRegistry;
import org.bellows.worker.TinyDataset;
import org.bellows.worker.collective.reduce.LaneTree;
import org.bellows.worker.collective.reduce.LaneTree.Node;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * In exact arithmetic one global batch on K lanes is one plain batch (a net without BatchNorm).
 * Held twice: all in double precision, and the shipped single-precision path against the double
 * one.
 */
@Tag("instructions")
class LanesEqualOneBatchTest {
  private static final int SAMPLES = 120;
  private static final int STEPS = 3;
  private static final double RATE = 0.05;
  private static final double MOMENTUM = 0.9;
  private static final double DECAY = 1e-3;
  private static final InputShape INPUT = new InputShape(1, TinyDataset.SIDE, TinyDataset.SIDE);
  private static final int CLASSES = TinyDataset.CLASSES.size();

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 8})
  void inDoublePrecisionToThirteenDigits(int lanes) {
    double[] plain = trainInDouble(1);
    double[] onLanes = trainInDouble(lanes);
    assertThat(largestDifference(plain, onLanes)).isLessThan(1e-13);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 8})
  void theShippedPathFollowsTheDoubleOne(int lanes) {
    double[] reference = trainInDouble(1);
    float[] shipped = trainAsShipped(lanes);
    double[] widened = new double[shipped.length];
    for (int i = 0; i < shipped.length; i++) {
      widened[i] = shipped[i];
    }
    assertThat(widened).hasSameSizeAs(reference);
    assertThat(largestDifference(reference, widened)).isCloseTo(0, within(2e-6));
    assertThat(largestDifference(reference, initial())).isGreaterThan(1e-2);
  }

  /** Plain arithmetic of the test's own: sum over lanes in tree order, Nesterov with decay. */
  private static double[] trainInDouble(int lanes) {
    ComputationGraph graph = graph(DataType.DOUBLE);
    double[] parameters = initial();
    double[] velocity = new double[parameters.length];
    boolean[] decayed = decayed();
    for (int step = 0; step < STEPS; step++) {
      graph.setParams(Nd4j.createFromArray(parameters).reshape(1, parameters.length));
      double[] sum =
          LaneTree.sum(
              LaneTree.root(lanes),
              node -> node.to() - node.from() == 1 ? laneGradient(graph, node, lanes) : null,
              LanesEqualOneBatchTest::add);
      for (int i = 0; i < parameters.length; i++) {
        double g = sum[i] / SAMPLES + (decayed[i] ? DECAY * parameters[i] : 0);
        velocity[i] = MOMENTUM * velocity[i] + g;
        parameters[i] -= RATE * (g + MOMENTUM * velocity[i]);
      }
    }
    return parameters;
  }

  private static double[] laneGradient(ComputationGraph graph, Node lane, int lanes) {
    int n = SAMPLES / lanes;
    INDArray images =
        Nd4j.create(lanePixels(lane.from(), n), new long[] {n, 1, 12, 12}, 'c')
            .castTo(DataType.DOUBLE);
    INDArray labels = Nd4j.zeros(DataType.DOUBLE, n, CLASSES);
    int[] ofLane = laneLabels(lane.from(), n);
    for (int i = 0; i < n; i++) {
      labels.putScalar(i, ofLane[i], 1);
    }
    graph.setInputs(images);
    graph.setLabels(labels);
    graph.computeGradientAndScore();
    return graph.getFlattenedGradients().dup().data().asDouble();
  }

  private static float[] trainAsShipped(int lanes) {
    int n = SAMPLES / lanes;
    try (LaneNetwork network = new LaneNetwork(lenet(), INPUT, CLASSES, 3)) {
      int length = network.layout().length();
      float[] parameters = new float[length];
      network.readParameters(parameters);
      float[][] state = new float[1][length];
      for (int step = 0; step < STEPS; step++) {
        float[] sum =
            LaneTree.sum(
                LaneTree.root(lanes),
                node -> {
                  if (node.to() - node.from() > 1) {
                    return null;
                  }
                  float[] gradient = new float[length];
                  network.gradient(
                      lanePixels(node.from(), n), laneLabels(node.from(), n), 1, gradient);
                  return gradient;
                },
                LanesEqualOneBatchTest::addInPlace);
        for (int i = 0; i < length; i++) {
          sum[i] /= SAMPLES;
        }
        WeightDecay pull =
            new WeightDecay(
                new SettingsLoader()
                    .set(List.of("optimizer.weight-decay=" + DECAY))
                    .load(List.of(), List.of())
                    .optimizer());
        Optimizer optimizer = new Nesterov(MOMENTUM, true);
        for (FlatLayout.ParameterSlot slot : network.layout().segments()) {
          Optimizer.ElementRange range =
              new Optimizer.ElementRange(slot.offset(), slot.end(), 0, RATE, step);
          if (!slot.name().endsWith("_b")) {
            pull.applyInPlace(parameters, sum, range);
          }
          optimizer.updateInPlace(parameters, sum, state, range);
        }
        network.writeParameters(parameters);
      }
      return parameters;
    }
  }

  private static float[] lanePixels(int lane, int n) {
    int length = n * TinyDataset.SIDE * TinyDataset.SIDE;
    float[] pixels = new float[length];
    System.arraycopy(TinyDataset.pixels(SAMPLES, 9), lane * length, pixels, 0, length);
    return pixels;
  }

  private static int[] laneLabels(int lane, int n) {
    int[] labels = new int[n];
    System.arraycopy(TinyDataset.labels(SAMPLES, 9), lane * n, labels, 0, n);
    return labels;
  }

  private static double[] initial() {
    return graph(DataType.FLOAT).params().castTo(DataType.DOUBLE).data().asDouble();
  }

  private static boolean[] decayed() {
    try (LaneNetwork network = new LaneNetwork(lenet(), INPUT, CLASSES, 3)) {
      boolean[] decayed = new boolean[network.layout().length()];
      network
          .layout()
          .segments()
          .forEach(
              slot -> Arrays.fill(decayed, slot.offset(), slot.end(), slot.name().endsWith("_W")));
      return decayed;
    }
  }

  private static ComputationGraph graph(DataType type) {
    ComputationGraphConfiguration configuration =
        Dl4jGraph.configuration(lenet().graph(INPUT, CLASSES), 3);
    configuration.setDataType(type);
    configuration.getVertices().values().forEach(vertex -> vertex.setDataType(type));
    ComputationGraph graph = new ComputationGraph(configuration);
    graph.init();
    return graph;
  }

  private static NetworkDefinition lenet() {
    return NetworkRegistry.standard().get("lenet5-tanh");
  }

  private static double[] add(double[] left, double[] right) {
    for (int i = 0; i < left.length; i++) {
      left[i] += right[i];
    }
    return left;
  }

  private static double largestDifference(double[] one, double[] other) {
    double largest = 0;
    for (int i = 0; i < one.length; i++) {
      largest = Math.max(largest, Math.abs(one[i] - other[i]));
    }
    return largest;
  }

  private static float[] addInPlace(float[] left, float[] right) {
    for (int i = 0; i < left.length; i++) {
      left[i] += right[i];
    }
    return left;
  }
}
