// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.layer;

import java.util.List;

/**
 * A convolution, a bias and an activation: a map to a map. Each group of the output's channels sees
 * the group of the input's channels of the same index. There is one group, or as many as channels:
 * then the convolution is depthwise (Howard et al. 2017, section 3.1), one kernel a channel.
 *
 * @param channels of the output
 * @param initialBias where each bias starts
 */
public record Convolution(
    int channels,
    Kernel window,
    int groups,
    boolean hasBias,
    Activation activation,
    InitialWeights weights,
    double initialBias)
    implements Layer {

  /** Whether each kernel sees one channel. */
  public boolean isDepthwise() {
    return groups > 1;
  }

  @Override
  public LayerShape output(List<LayerShape> inputs) {
    LayerShape.FeatureMap map = inputs.get(0).asMap();
    if (isDepthwise() && (groups != map.channels() || groups != channels)) {
      throw new IllegalArgumentException(
          "a convolution of %d groups has %d channels and reads %d, expected one group, or as many"
                  .formatted(groups, channels, map.channels())
              + " groups and channels as it reads");
    }
    return window.output(map, channels);
  }

  /** Biases come first. A depthwise convolution's weights are [height, width, channels, 1]. */
  @Override
  public List<ParameterArray> parameters(List<LayerShape> inputs) {
    long maps = channels;
    long height = window.height();
    long width = window.width();
    long seen = inputs.get(0).asMap().channels();
    ParameterArray array =
        isDepthwise()
            ? ParameterArray.weights(height, width, maps, 1L)
            : ParameterArray.weights(maps, seen, height, width);
    return hasBias ? List.of(ParameterArray.biases(channels), array) : List.of(array);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.convolution(this);
  }
}
