// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.show;

import java.util.BitSet;
import java.util.stream.Collectors;
import org.bellows.data.augment.picture.MaskedPicture;
import org.bellows.data.decode.image.RasterImage;

/**
 * Label maps to look at: the picture, over it a colour a label, as in PASCAL VOC, where a label's
 * bits are dealt out to red, green and blue so that neighbouring labels differ. Label 0, mostly the
 * background, has no colour.
 */
public final class MaskOverlay {
  private static final int RGB = 3;
  private static final int LABELS = 256;
  private static final int BITS = 8;

  /** So many sixteenths of what is seen are the label's colour, the others the picture. */
  private static final int SIXTEENTHS = 10;

  private MaskOverlay() {}

  /**
   * @param masked with a label map
   * @return height x width x 3
   */
  public static RasterImage of(MaskedPicture masked) {
    RasterImage picture = masked.pixels();
    byte[] labels = masked.mask().interleaved();
    byte[] seen = new byte[labels.length * RGB];
    for (int pixel = 0; pixel < labels.length; pixel++) {
      int label = labels[pixel] & 0xFF;
      for (int channel = 0; channel < RGB; channel++) {
        int at = pixel * picture.channels() + Math.min(channel, picture.channels() - 1);
        int value = picture.interleaved()[at] & 0xFF;
        int mixed =
            label == 0
                ? value
                : (SIXTEENTHS * colour(label, channel) + (16 - SIXTEENTHS) * value) / 16;
        seen[pixel * RGB + channel] = (byte) mixed;
      }
    }
    return new RasterImage(picture.height(), picture.width(), RGB, seen);
  }

  /**
   * Bit 0 of each group of three is red's, bit 1 green's, bit 2 blue's; the first group is worth
   * most.
   *
   * @return 0..255
   */
  static int colour(int label, int channel) {
    int colour = 0;
    for (int group = 0; RGB * group + channel < BITS; group++) {
      colour |= (label >> (RGB * group + channel) & 1) << (BITS - 1 - group);
    }
    return colour;
  }

  /** Such as "0 1 255". */
  public static String labels(Iterable<RasterImage> masks) {
    BitSet seen = new BitSet(LABELS);
    for (RasterImage mask : masks) {
      for (byte label : mask.interleaved()) {
        seen.set(label & 0xFF);
      }
    }
    return seen.stream().mapToObj(String::valueOf).collect(Collectors.joining(" "));
  }
}
