// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.bellows.models.layer.LayerShape.FeatureMap;
import org.bellows.models.layer.LayerShape.FeatureVector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Shapes and parameters of layers, and what a layer cannot read. */
class LayerTest {
  private static final InitialWeights WEIGHTS = InitialWeights.normal(1);

  private static Convolution convolution(int channels, Kernel kernel, int groups) {
    return new Convolution(channels, kernel, groups, true, Activation.IDENTITY, WEIGHTS, 0);
  }

  /** floor((side + 2 pad - dilation (kernel - 1) - 1) / stride) + 1, as PyTorch's Conv2d has it. */
  @ParameterizedTest
  @CsvSource({
    "9, 3, 1, 0, 1, 7",
    "9, 3, 2, 1, 1, 5",
    "10, 3, 2, 1, 1, 5",
    "9, 3, 1, 2, 2, 9",
    "33, 3, 1, 12, 12, 33",
    "224, 11, 4, 2, 1, 55"
  })
  void aWindowLeavesThatMap(int side, int kernel, int stride, int pad, int dilation, int left) {
    Kernel window = Kernel.of(kernel).stride(stride).padding(pad).dilation(dilation);
    assertThat(convolution(2, window, 1).output(List.of(new FeatureMap(5, side, side))))
        .isEqualTo(new FeatureMap(2, left, left));
  }

  @Test
  void biasesStandBeforeWeights() {
    List<LayerShape> input = List.of(new FeatureMap(5, 4, 4));
    assertThat(convolution(2, Kernel.same(3, 1), 1).parameters(input))
        .extracting(ParameterArray::shape)
        .containsExactly(List.of(2L), List.of(2L, 5L, 3L, 1L));
    assertThat(convolution(5, Kernel.same(3, 1), 5).parameters(input))
        .extracting(ParameterArray::shape)
        .containsExactly(List.of(5L), List.of(3L, 1L, 5L, 1L));
    assertThat(new Dense(3, Activation.RELU, WEIGHTS, 0).parameters(input))
        .extracting(ParameterArray::length)
        .containsExactly(240L, 3L);
  }

  @Test
  void aConvolutionIsWholeOrDepthwise() {
    assertThatThrownBy(
            () -> convolution(6, Kernel.of(1), 3).output(List.of(new FeatureMap(6, 2, 2))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "a convolution of 3 groups has 6 channels and reads 6, expected one group, or as many"
                + " groups and channels as it reads");
  }

  @Test
  void shapesThatDoNotFitAreNamed() {
    List<LayerShape> unlike = List.of(new FeatureMap(2, 3, 4), new FeatureMap(2, 4, 3));
    assertThatThrownBy(() -> new Sum().output(unlike))
        .hasMessage("summands are 2x3x4 and 2x4x3, expected all of one shape");
    assertThatThrownBy(() -> new Concatenation().output(unlike))
        .hasMessage("maps are 2x3x4 and 2x4x3, expected all of one height and width");
    assertThatThrownBy(
            () -> new ChannelScale().output(List.of(new FeatureMap(2, 3, 4), new FeatureVector(3))))
        .hasMessage("there are 3 scales of 2 channels, expected one each");
    assertThatThrownBy(() -> new GlobalAveragePool().output(List.of(new FeatureVector(7))))
        .hasMessage("expected a map of channels x height x width, actual a vector of 7 values");
  }
}
