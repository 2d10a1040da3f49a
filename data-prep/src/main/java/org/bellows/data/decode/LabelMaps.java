// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.decode;

import org.bellows.data.decode.image.ImageRefusedException;
import org.bellows.data.decode.image.ImageRefusedException.Reason;
import org.bellows.data.decode.image.RasterImage;
import org.bellows.data.shard.EncodedSample;

/** Label maps of samples: a grey value a pixel, which is a label. */
public final class LabelMaps {
  private LabelMaps() {}

  /**
   * @param sample that has a label map
   * @return height x width x 1, of the sample's size
   * @throws ImageRefusedException when it cannot be decoded or has another size
   */
  public static RasterImage of(ImageDecoder decoder, EncodedSample sample) {
    // The decoder makes three equal channels of grey.
    RasterImage decoded = decoder.decode(sample.mask());
    if (decoded.height() != sample.height() || decoded.width() != sample.width()) {
      throw new ImageRefusedException(
          Reason.CORRUPT,
          "is %d x %d, but its label map %d x %d"
              .formatted(sample.height(), sample.width(), decoded.height(), decoded.width()));
    }
    byte[] labels = new byte[decoded.height() * decoded.width()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = decoded.interleaved()[i * decoded.channels()];
    }
    return new RasterImage(decoded.height(), decoded.width(), 1, labels);
  }
}
