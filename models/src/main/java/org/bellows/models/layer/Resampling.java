// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.layer;

import java.util.List;

/**
 * A map at another height and width. With one input the sides are multiplied by a factor and
 * rounded down; with two the map becomes as high and wide as the second, of which no value is read.
 *
 * @param factor of the sides; {@link #LIKE_SECOND}: there are two inputs
 */
public record Resampling(Interpolation interpolation, double factor) implements Layer, Separable {
  /** The factor that says that a second input gives the size. */
  public static final double LIKE_SECOND = 0;

  public Resampling {
    if (!(factor >= 0)) {
      throw new IllegalArgumentException(
          "a resize has factor %s, expected more than 0, or 0 for a second input's size"
              .formatted(factor));
    }
  }

  /** To the size of a second input. */
  public static Resampling likeSecond(Interpolation interpolation) {
    return new Resampling(interpolation, LIKE_SECOND);
  }

  /** Whether a second input gives the size. */
  public boolean isLikeSecond() {
    return factor == LIKE_SECOND;
  }

  @Override
  public LayerShape output(List<LayerShape> inputs) {
    LayerShape.FeatureMap map = inputs.get(0).asMap();
    int height = (int) (map.height() * factor);
    int width = (int) (map.width() * factor);
    if (isLikeSecond()) {
      LayerShape.FeatureMap size = inputs.get(1).asMap();
      height = size.height();
      width = size.width();
    }
    if (height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "a map of %s times %s has no pixel".formatted(map, factor));
    }
    return new LayerShape.FeatureMap(map.channels(), height, width);
  }

  @Override
  public SideMap side(int from, int to) {
    return interpolation.resize(from, to);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.resize(this);
  }
}
