// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.segment;

import org.bellows.models.graph.InputShape;
import org.bellows.models.layer.LabelFit;
import org.bellows.models.layer.LayerShape.FeatureMap;

/** One network that says a class of each pixel, as inference sees it. Not thread-safe. */
interface PixelNetwork {
  int classes();

  /** The size that it was trained at. */
  InputShape input();

  /** The smallest size not below this one that the network takes as a whole. */
  InputShape fitting(int height, int width);

  /** Where the pixels of its answers are among those that it is shown. */
  LabelFit fit();

  /** The shape of the answer to a picture of this shape. */
  FeatureMap map(InputShape picture);

  /**
   * Forward in inference mode.
   *
   * @param pixels [channels, height, width]
   * @param picture shape of them
   * @return as {@link #map} says
   */
  float[] logits(float[] pixels, InputShape picture);

  /** The logits, and where they are. */
  default ScoreMap scores(float[] pixels, InputShape picture) {
    return ScoreMap.of(
        logits(pixels, picture), map(picture), picture.height(), picture.width(), fit());
  }
}
