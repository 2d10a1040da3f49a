// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.lenet;

import static org.assertj.core.api.Assertions.assertThat;

import org.bellows.models.dl4j.Dl4jGraph;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.layer.ParameterKind;
import org.bellows.models.network.FlatLayout;
import org.bellows.models.network.NetworkCost;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.models.network.NumericalGradient;
import org.bellows.models.zoo.NetworkRegistry;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

@Tag("integration")
class LeNet5Test {

  /** 156 + 2,416 + 48,120 + 10,164 + 850: the layers of figure 2, with C3 fully connected to S2. */
  @ParameterizedTest
  @ValueSource(strings = {"lenet5", "lenet5-tanh"})
  void hasTheParametersAndMultiplyAddsOfThePapersLayout(String name) {
    NetworkCost cost = NetworkCost.of(NetworkRegistry.standard().get(name));
    assertThat(cost.trainableParameters()).isEqualTo(61_706);
    long c1 = 28 * 28 * 25 * 6;
    long c3 = 10 * 10 * 25 * 6 * 16;
    long dense = 400 * 120 + 120 * 84 + 84 * 10;
    assertThat(cost.flops()).isEqualTo(c1 + c3 + dense);
  }

  @Test
  void laysItsParametersOutWithoutGapsAndSparesBiases() {
    FlatLayout layout = FlatLayout.of(graph("lenet5", new InputShape(3, 32, 32)));
    assertThat(layout.segments()).hasSize(10);
    assertThat(layout.segments())
        .allSatisfy(
            slot ->
                assertThat(slot.kind())
                    .isEqualTo(
                        slot.name().endsWith("_b")
                            ? ParameterKind.NO_DECAY
                            : ParameterKind.WEIGHT));
  }

  @Test
  void startsTheSameFromTheSameSeedOnly() {
    InputShape input = new InputShape(1, 28, 28);
    NetworkGraph graph = graph("lenet5", input);
    float[] one = Dl4jGraph.initialParameters(graph, 7);
    assertThat(Dl4jGraph.initialParameters(graph, 7)).isEqualTo(one);
    assertThat(Dl4jGraph.initialParameters(graph, 8)).isNotEqualTo(one);
  }

  /** Central differences in double precision on a smaller frame with few enough parameters. */
  @ParameterizedTest
  @ValueSource(strings = {"lenet5", "lenet5-tanh"})
  void hasTheGradientThatDifferencesGive(String name) {
    NetworkDefinition definition = NetworkRegistry.standard().get(name);
    NumericalGradient.Start start =
        new NumericalGradient.Start(definition.graph(new InputShape(1, 12, 12), 3), 11);
    Nd4j.getRandom().setSeed(5);
    INDArray images = Nd4j.rand(DataType.DOUBLE, 4, 1, 12, 12);
    double error =
        NumericalGradient.largestError(start, images, NumericalGradient.someLabels(4, 3), 30);
    assertThat(error).isLessThan(1e-4);
  }

  private static NetworkGraph graph(String name, InputShape input) {
    return NetworkRegistry.standard().get(name).graph(input, 10);
  }
}
