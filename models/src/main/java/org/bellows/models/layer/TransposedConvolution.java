// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.layer;

import java.util.List;

/**
 * A transposed convolution, a bias and an activation: what the gradient of a convolution with the
 * same window does to a map (Long, Shelhamer, Darrell 2015, section 3.3; Dumoulin and Visin 2016,
 * chapter 4). A side of s becomes (s - 1) * stride + kernel - 2 * padding.
 *
 * <p>There is one group, or as many as channels: then each channel has one kernel.
 *
 * @param channels of the output
 * @param isTrained whether the weights learn; else they stay as they started, and take no weight
 *     decay
 * @param initialBias where each bias starts
 */
public record TransposedConvolution(
    int channels,
    Kernel window,
    int groups,
    boolean hasBias,
    Activation activation,
    InitialWeights weights,
    boolean isTrained,
    double initialBias)
    implements Layer {

  public TransposedConvolution {
    if (window.dilation() != 1) {
      throw new IllegalArgumentException(
          "a transposed convolution has dilation %d, expected 1".formatted(window.dilation()));
    }
  }

  /** Whether each kernel sees one channel. */
  public boolean isDepthwise() {
    return groups > 1;
  }

  @Override
  public LayerShape output(List<LayerShape> inputs) {
    LayerShape.FeatureMap map = inputs.get(0).asMap();
    if (isDepthwise() && (groups != map.channels() || groups != channels)) {
      throw new IllegalArgumentException(
          "a transposed convolution of %d groups has %d channels and reads %d, expected one group,"
                  .formatted(groups, channels, map.channels())
              + " or as many groups and channels as it reads");
    }
    return window.stretched(map, channels);
  }

  /** Biases come first. Weights are [in, out / groups, height, width], as PyTorch has them. */
  @Override
  public List<ParameterArray> parameters(List<LayerShape> inputs) {
    List<Long> shape =
        List.of(
            (long) inputs.get(0).asMap().channels(),
            (long) channels / groups,
            (long) window.height(),
            (long) window.width());
    ParameterKind kind = isTrained ? ParameterKind.WEIGHT : ParameterKind.FROZEN;
    ParameterArray array = new ParameterArray(ParameterArray.WEIGHTS, shape, kind, 0);
    return hasBias ? List.of(ParameterArray.biases(channels), array) : List.of(array);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.transposedConvolution(this);
  }
}
