// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.resnet;

import static org.assertj.core.api.Assertions.assertThat;

import org.bellows.models.graph.InputShape;
import org.bellows.models.layer.ParameterKind;
import org.bellows.models.network.FlatLayout;
import org.bellows.models.network.NetworkCost;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.models.network.NumericalGradient;
import org.bellows.models.zoo.NetworkRegistry;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

@Tag("instructions")
@Tag("once")
class CifarResNetTest {

  /** Table 6 of the paper prints 0.27, 0.46, 0.66, 0.85 and 1.7 million. */
  @ParameterizedTest
  @CsvSource({"20, 269722", "32, 464154", "44, 658586", "56, 853018", "110, 1727962"})
  void hasThePublishedNumberOfParameters(int depth, long parameters) {
    assertThat(NetworkCost.of(network(depth)).trainableParameters()).isEqualTo(parameters);
  }

  /**
   * Stem 27 * 16 per pixel; then per stage 2n convolutions of 9 * c * c per pixel, of which the
   * first of stages two and three sees half the channels; 640 in the dense layer.
   */
  @Test
  void doesTheMultiplyAddsOfItsTable() {
    long stem = 32 * 32 * 27 * 16;
    long one = 32L * 32 * 9 * 16 * 16 * 6;
    long two = 16L * 16 * 9 * 32 * 32 * 5 + 16L * 16 * 9 * 16 * 32;
    long three = 8L * 8 * 9 * 64 * 64 * 5 + 8L * 8 * 9 * 32 * 64;
    assertThat(NetworkCost.of(network(20)).flops()).isEqualTo(stem + one + two + three + 640);
  }

  @Test
  void sparesBatchNormOfDecayAndKeepsItsStatisticsApart() {
    FlatLayout layout = FlatLayout.of(network(20).graph(new InputShape(3, 32, 32), 10));
    long norms =
        layout.segments().stream().filter(s -> s.kind() == ParameterKind.RUNNING_VARIANCE).count();
    assertThat(norms).isEqualTo(19);
    assertThat(layout.segments())
        .filteredOn(s -> s.name().contains("-norm_"))
        .noneMatch(s -> s.kind() == ParameterKind.WEIGHT);
    assertThat(layout.length() - layout.trainableParameters()).isEqualTo(2 * 688);
  }

  @Test
  void hasTheGradientThatDifferencesGive() {
    Nd4j.getRandom().setSeed(3);
    INDArray images = Nd4j.randn(DataType.DOUBLE, 6, 2, 8, 8);
    INDArray labels = NumericalGradient.someLabels(6, 3);
    NumericalGradient.Start start =
        new NumericalGradient.Start(network(20).graph(new InputShape(2, 8, 8), 3), 5);
    double single = NumericalGradient.largestError(start, images, labels, 1);
    assertThat(single).isLessThan(1e-3);
    for (int seed = 0; seed < 5; seed++) {
      double all = NumericalGradient.errorAlongDirection(start, images, labels, seed);
      assertThat(all).isLessThan(1e-4);
    }
  }

  private static NetworkDefinition network(int depth) {
    return NetworkRegistry.standard().get("resnet" + depth + "-cifar");
  }
}
