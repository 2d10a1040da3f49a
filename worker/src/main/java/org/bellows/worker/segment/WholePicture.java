// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.segment;

import org.bellows.models.graph.InputShape;

/**
 * The picture in one pass, extended at the bottom and right by the mean to a size that the network
 * takes. Without, a network whose map is of another size than the picture would shift its answers
 * (open-mmlab/mmsegmentation#1607).
 */
final class WholePicture implements PictureInference {
  @Override
  public ScoreMap scores(PixelNetwork network, Planes picture) {
    InputShape shown = network.fitting(picture.height(), picture.width());
    float[] pixels = picture.padded(shown.height(), shown.width()).values();
    return network.scores(pixels, shown).ofFirst(picture.height(), picture.width());
  }
}
