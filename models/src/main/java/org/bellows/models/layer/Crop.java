// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.layer;

import java.util.List;

/**
 * A part of a map, as high and wide as a second map. Inputs: the map, and the one whose height and
 * width the part takes; no other value of that is read.
 *
 * @param isCentral whether the part is the middle of the map, where an odd row or column more is
 *     cut off at the bottom and right
 * @param top rows that are cut off at the top, where it is not the middle
 * @param left columns that are cut off on the left, where it is not the middle
 */
public record Crop(boolean isCentral, int top, int left) implements Layer {

  /** The middle. */
  public static Crop central() {
    return new Crop(true, 0, 0);
  }

  /** The part that begins at a row and a column. */
  public static Crop at(int top, int left) {
    return new Crop(false, top, left);
  }

  /** Rows that are cut off at the top. */
  public int top(LayerShape.FeatureMap map, LayerShape.FeatureMap size) {
    return isCentral ? (map.height() - size.height()) / 2 : top;
  }

  /** Columns that are cut off on the left. */
  public int left(LayerShape.FeatureMap map, LayerShape.FeatureMap size) {
    return isCentral ? (map.width() - size.width()) / 2 : left;
  }

  @Override
  public LayerShape output(List<LayerShape> inputs) {
    LayerShape.FeatureMap map = inputs.get(0).asMap();
    LayerShape.FeatureMap size = inputs.get(1).asMap();
    int fromTop = top(map, size);
    int fromLeft = left(map, size);
    boolean fits =
        map.height() >= size.height()
            && map.width() >= size.width()
            && fromTop + size.height() <= map.height()
            && fromLeft + size.width() <= map.width();
    if (!fits) {
      throw new IllegalArgumentException(
          "a map of %s has no part of %d x %d pixels at row %d, column %d"
              .formatted(map, size.height(), size.width(), fromTop, fromLeft));
    }
    return new LayerShape.FeatureMap(map.channels(), size.height(), size.width());
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.crop(this);
  }
}
