// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.layer;

import java.util.List;
import org.bellows.conf.text.Words;

/** The channels of its inputs, which are maps of one size, one after the other. */
public record Concatenation() implements Layer {

  @Override
  public LayerShape output(List<LayerShape> inputs) {
    LayerShape.FeatureMap first = inputs.get(0).asMap();
    int channels = 0;
    for (LayerShape input : inputs) {
      LayerShape.FeatureMap map = input.asMap();
      if (map.height() != first.height() || map.width() != first.width()) {
        throw new IllegalArgumentException(
            "maps are %s, expected all of one height and width".formatted(Words.and(inputs)));
      }
      channels += map.channels();
    }
    return new LayerShape.FeatureMap(channels, first.height(), first.width());
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.concatenation(this);
  }
}
