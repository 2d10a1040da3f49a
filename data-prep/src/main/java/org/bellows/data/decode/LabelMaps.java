// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.decode;

import org.bellows.data.decode.image.ImageRefusedException;
import org.bellows.data.decode.image.ImageRefusedException.Reason;
import org.bellows.data.decode.image.RasterImage;
import org.bellows.data.decode.image.SizeLimit;
import org.bellows.data.decode.png.PngSamples;
import org.bellows.data.shard.EncodedSample;
import org.bellows.data.shard.Encoding;

/** Label maps of samples: a grey value a pixel, which is a label. */
public final class LabelMaps {
  /** The cap on pixels was applied when the dataset was prepared. */
  private static final SizeLimit LIMIT = new SizeLimit(SizeLimit.MOST_PIXELS);

  private LabelMaps() {}

  /**
   * @param sample that has a label map
   * @return height x width x 1, of the sample's size
   * @throws ImageRefusedException when it cannot be decoded or has another size
   */
  public static RasterImage of(EncodedSample sample) {
    if (ContentType.of(sample.mask()) != Encoding.PNG) {
      throw new ImageRefusedException(Reason.UNSUPPORTED, "has a label map that is no PNG");
    }
    PngSamples png = PngSamples.of(sample.mask(), LIMIT);
    if (png.height() != sample.height() || png.width() != sample.width()) {
      throw new ImageRefusedException(
          Reason.CORRUPT,
          "is %d x %d, but its label map %d x %d"
              .formatted(sample.height(), sample.width(), png.height(), png.width()));
    }
    byte[] labels = new byte[png.height() * png.width()];
    png.read((pixel, value, second, third, alpha) -> labels[pixel] = (byte) value);
    return new RasterImage(png.height(), png.width(), 1, labels);
  }
}
