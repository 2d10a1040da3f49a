// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.graph;

import java.io.Serializable;
import org.bellows.conf.Settings;
import org.bellows.models.layer.LayerShape;

/** Shape of one image: channels x height x width, the last two in pixels. */
public record InputShape(int channels, int height, int width) implements Serializable {

  public static InputShape of(Settings.Model model) {
    return new InputShape(model.channels(), model.heightPixels(), model.widthPixels());
  }

  /** As a shape among those of layers. */
  public LayerShape.FeatureMap map() {
    return new LayerShape.FeatureMap(channels, height, width);
  }

  /** channels, height, width. */
  public long[] dimensions() {
    return new long[] {channels, height, width};
  }

  /** Values of one image. */
  public int elements() {
    return channels * height * width;
  }

  @Override
  public String toString() {
    return channels + "x" + height + "x" + width;
  }
}
