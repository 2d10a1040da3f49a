// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.batch;

import org.bellows.data.augment.place.Placement;
import org.bellows.data.augment.render.MaskRenderer;
import org.bellows.data.decode.LabelMaps;
import org.bellows.data.decode.image.ImageRefusedException;
import org.bellows.data.decode.image.RasterImage;
import org.bellows.data.shard.EncodedSample;

/** A sample's label map, placed as its picture is. Threads share it. */
final class LabelMapTransform {
  private final MaskRenderer renderer;

  LabelMapTransform(InputSpec input) {
    this.renderer = new MaskRenderer(input.height(), input.width(), input.maskFill());
  }

  /** The placed label map of a decoded one. */
  RasterImage placed(RasterImage mask, Placement placement) {
    return renderer.render(mask, placement);
  }

  /**
   * @param placement made for the sample's height and width
   * @return height x width x 1 of the network's input; null where the sample has no label map
   * @throws ImageRefusedException when the label map cannot be decoded or is of another size
   */
  RasterImage apply(EncodedSample sample, Placement placement) {
    return sample.mask() == null ? null : renderer.render(LabelMaps.of(sample), placement);
  }
}
