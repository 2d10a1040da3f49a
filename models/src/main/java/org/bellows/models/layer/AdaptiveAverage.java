// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.layer;

import java.util.List;

/**
 * Means over a grid of windows that cover the map whatever its size (Zhao, Shi, Qi, Wang, Jia,
 * "Pyramid Scene Parsing Network", 2017, section 3.2): window i of b along a side of s pixels is
 * [floor(i * s / b), ceil((i + 1) * s / b)), as in PyTorch. Where b does not divide s, neighbours
 * overlap.
 *
 * @param bins b, of each side
 */
public record AdaptiveAverage(int bins) implements Layer, Separable {

  public AdaptiveAverage {
    if (bins < 1) {
      throw new IllegalArgumentException(
          "an adaptive pool has %d bins a side, expected at least 1".formatted(bins));
    }
  }

  @Override
  public LayerShape output(List<LayerShape> inputs) {
    return new LayerShape.FeatureMap(inputs.get(0).asMap().channels(), bins, bins);
  }

  @Override
  public SideMap side(int from, int to) {
    return SideMap.windows(from, to, i -> i * from / to, i -> ((i + 1) * from + to - 1) / to);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.adaptiveAverage(this);
  }
}
