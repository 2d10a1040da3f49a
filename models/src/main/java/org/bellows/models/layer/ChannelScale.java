// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.layer;

import java.util.List;

/**
 * Multiplies each channel of a map by a number: Hu, Shen, Sun, "Squeeze-and-Excitation Networks",
 * 2018, equation 4. Inputs: the map u [n, channels, height, width] and the scales s [n, channels];
 * output u_c * s_c.
 */
public record ChannelScale() implements Layer {

  @Override
  public LayerShape output(List<LayerShape> inputs) {
    LayerShape.FeatureMap map = inputs.get(0).asMap();
    if (inputs.get(1).elements() != map.channels()) {
      throw new IllegalArgumentException(
          "there are %d scales of %d channels, expected one each"
              .formatted(inputs.get(1).elements(), map.channels()));
    }
    return map;
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.channelScale(this);
  }
}
