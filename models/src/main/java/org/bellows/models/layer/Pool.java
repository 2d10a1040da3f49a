// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.layer;

import java.util.List;

/**
 * A pool; padding counts neither as a value nor in the divisor of an average.
 *
 * @param roundsUp whether the map becomes ceil(side / stride) and is padded for it as far as it
 *     must be, the smaller half at the top and left, whatever the window says (TensorFlow's SAME);
 *     else a window that would stick out is left away
 */
public record Pool(PoolingType type, Kernel window, boolean roundsUp) implements Layer {

  @Override
  public LayerShape output(List<LayerShape> inputs) {
    LayerShape.FeatureMap map = inputs.get(0).asMap();
    return roundsUp
        ? new LayerShape.FeatureMap(map.channels(), rounded(map.height()), rounded(map.width()))
        : window.output(map, map.channels());
  }

  private int rounded(int side) {
    return (side + window.stride() - 1) / window.stride();
  }

  /** Rows of padding above a map. */
  public int top(LayerShape.FeatureMap map) {
    return roundsUp
        ? padding(map.height(), rounded(map.height()), window.reachHeight())
        : window.padHeight();
  }

  /** Columns of padding on the left of a map. */
  public int left(LayerShape.FeatureMap map) {
    return roundsUp
        ? padding(map.width(), rounded(map.width()), window.reachWidth())
        : window.padWidth();
  }

  private int padding(int side, int pooled, int reach) {
    return Math.max(0, (pooled - 1) * window.stride() + reach - side) / 2;
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.pool(this);
  }
}
