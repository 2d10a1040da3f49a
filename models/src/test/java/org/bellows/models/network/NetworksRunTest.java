// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.Stream;
import org.bellows.models.dl4j.Dl4jGraph;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.zoo.NetworkRegistry;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** One network of each kind at a small input, for real. */
@Tag("instructions")
@Tag("once")
class NetworksRunTest {
  private static final NetworkRegistry REGISTRY = NetworkRegistry.standard();
  private static final int CLASSES = 5;

  /** Images and their labels. */
  private record Batch(INDArray images, INDArray labels) {
    static Batch of(String name, int side, int samples) {
      Nd4j.getRandom().setSeed(3);
      int channels = REGISTRY.get(name).usualInput().channels();
      return new Batch(
          Nd4j.rand(DataType.FLOAT, samples, channels, side, side),
          NumericalGradient.someLabels(samples, CLASSES));
    }
  }

  /**
   * Single precision takes other ways through ND4J (oneDNN) than double precision. Where they
   * differ by more than rounding, two nearly equal inputs of a max pool or a ReLU near 0 have
   * fallen to different sides.
   */
  @ParameterizedTest
  @CsvSource({
    "alexnet-32-lrn, 15",
    "alexnet-two-group, 63",
    "vgg11-bn, 32",
    "resnet18-zero-gamma, 64",
    "nin-cifar, 16",
    "googlenet, 79",
    "efficientnet-b0, 64"
  })
  void hasTheSameLossAndGradientInSingleAndDoublePrecision(String name, int side) {
    Batch batch = Batch.of(name, side, 4);
    ComputationGraph single = graph(name, side, 7);
    ComputationGraph twice = NumericalGradient.inDoublePrecision(network(name, side), 7);
    twice.params().assign(single.params().castTo(DataType.DOUBLE));
    run(single, batch, DataType.FLOAT);
    run(twice, batch, DataType.DOUBLE);
    assertThat(single.score()).isFinite().isCloseTo(twice.score(), within(1e-4));
    INDArray exact = twice.getFlattenedGradients();
    INDArray difference = single.getFlattenedGradients().castTo(DataType.DOUBLE).sub(exact);
    double error = difference.norm2Number().doubleValue() / exact.norm2Number().doubleValue();
    assertThat(error).isLessThan(0.02);
  }

  /** Too deep to compare: each BatchNorm over a few values makes more of the rounding. */
  @ParameterizedTest
  @CsvSource({
    "resnet50, 32",
    "mobilenet-v1, 32",
    "mobilenet-v2, 32",
    "nin, 39",
    "inception-v3, 75"
  })
  void runsForwardAndBackward(String name, int side) {
    Batch batch = Batch.of(name, side, 2);
    ComputationGraph graph = graph(name, side, 7);
    run(graph, batch, DataType.FLOAT);
    assertThat(graph.score()).isFinite().isPositive();
    double norm = graph.getFlattenedGradients().norm2Number().doubleValue();
    assertThat(norm).isFinite().isPositive();
    INDArray answer = graph.output(false, batch.images())[0];
    assertThat(answer.shape()).containsExactly(2, CLASSES);
    assertThat(answer.sum(1).toDoubleVector()).containsExactly(new double[] {1, 1}, within(1e-5));
  }

  @Test
  void startsAndDropsTheSameFromTheSameSeedOnly() {
    Batch batch = Batch.of("efficientnet-b0", 32, 3);
    ComputationGraph one = graph("efficientnet-b0", 32, 7);
    ComputationGraph same = graph("efficientnet-b0", 32, 7);
    assertThat(same.params()).isEqualTo(one.params());
    assertThat(graph("efficientnet-b0", 32, 8).params()).isNotEqualTo(one.params());
    run(one, batch, DataType.FLOAT);
    run(same, batch, DataType.FLOAT);
    assertThat(same.getFlattenedGradients()).isEqualTo(one.getFlattenedGradients());
  }

  static Stream<NetworkDefinition> classifiers() {
    return REGISTRY.all().stream().filter(network -> !network.isOfPixels());
  }

  @ParameterizedTest
  @MethodSource("classifiers")
  void takesAnySideFromTheSmallestOn(NetworkDefinition network) {
    int smallest = network.smallestSide();
    for (int side = smallest; side < smallest + 2; side++) {
      InputShape input = new InputShape(2, side, side + 1);
      assertThat(LayerCosts.of(network, input, CLASSES))
          .anySatisfy(layer -> assertThat(layer.shapeText()).isEqualTo("" + CLASSES))
          .noneMatch(layer -> layer.shape().elements() < 1);
    }
    if (smallest > 1) {
      InputShape tooSmall = new InputShape(2, smallest - 1, smallest - 1);
      assertThatThrownBy(() -> LayerCosts.of(network, tooSmall, CLASSES))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageMatching("the image is too small: .* needs \\d+ x \\d+ pixels, .* has .*");
    }
  }

  private static NetworkGraph network(String name, int side) {
    NetworkDefinition network = REGISTRY.get(name);
    InputShape input = new InputShape(network.usualInput().channels(), side, side);
    return network.graph(input, CLASSES);
  }

  private static ComputationGraph graph(String name, int side, long seed) {
    return Dl4jGraph.initialised(network(name, side), seed);
  }

  private static void run(ComputationGraph graph, Batch batch, DataType type) {
    INDArray[] labels = new INDArray[graph.getNumOutputArrays()];
    Arrays.fill(labels, batch.labels().castTo(type));
    graph.setInputs(batch.images().castTo(type));
    graph.setLabels(labels);
    Nd4j.getRandom().setSeed(11);
    graph.computeGradientAndScore();
  }
}
