// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.layer;

import java.util.List;

/** A frame of zeros around a map, in pixels. */
public record ZeroPadding(int top, int bottom, int left, int right) implements Layer {

  @Override
  public LayerShape output(List<LayerShape> inputs) {
    LayerShape.FeatureMap map = inputs.get(0).asMap();
    return new LayerShape.FeatureMap(
        map.channels(), top + map.height() + bottom, left + map.width() + right);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.zeroPadding(this);
  }
}
