// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.layer;

import java.util.List;

/**
 * Some consecutive channels of a map.
 *
 * @param first index of the first channel, from 0
 * @param channels number of channels
 */
public record ChannelRange(int first, int channels) implements Layer {

  @Override
  public LayerShape output(List<LayerShape> inputs) {
    LayerShape.FeatureMap map = inputs.get(0).asMap();
    if (first + channels > map.channels()) {
      throw new IllegalArgumentException(
          "channels %d to %d do not exist: the map has %d"
              .formatted(first, first + channels - 1, map.channels()));
    }
    return new LayerShape.FeatureMap(channels, map.height(), map.width());
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.channelRange(this);
  }
}
