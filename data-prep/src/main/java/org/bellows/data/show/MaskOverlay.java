// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.show;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Collectors;
import org.bellows.data.augment.picture.MaskedPicture;
import org.bellows.data.decode.image.RasterImage;
import org.bellows.data.encode.LabelPalette;
import org.bellows.data.manifest.PixelClass;

/**
 * Label maps to look at: the picture, over it the colour of each pixel's class. Black, mostly that
 * of the background, is left out.
 */
public final class MaskOverlay {
  private static final int RGB = 3;
  private static final int LABELS = 256;
  private static final int BITS = 8;

  /** So many sixteenths of what is seen are the label's colour, the others the picture. */
  private static final int SIXTEENTHS = 10;

  /** red x 65536 + green x 256 + blue of each label; 0: none. */
  private final int[] colours = new int[LABELS];

  private final List<PixelClass> classes;

  /**
   * @param classes by label; labels past them have VOC's colours
   */
  public MaskOverlay(List<PixelClass> classes) {
    this.classes = List.copyOf(classes);
    LabelPalette palette = new LabelPalette(classes);
    Arrays.setAll(colours, palette::colour);
  }

  /**
   * @param masked with a label map
   * @return height x width x 3
   */
  public RasterImage of(MaskedPicture masked) {
    RasterImage picture = masked.pixels();
    byte[] labels = masked.mask().interleaved();
    byte[] seen = new byte[labels.length * RGB];
    for (int pixel = 0; pixel < labels.length; pixel++) {
      int label = labels[pixel] & 0xFF;
      for (int channel = 0; channel < RGB; channel++) {
        int at = pixel * picture.channels() + Math.min(channel, picture.channels() - 1);
        int value = picture.interleaved()[at] & 0xFF;
        int mixed =
            colours[label] == 0
                ? value
                : (SIXTEENTHS * colour(label, channel) + (16 - SIXTEENTHS) * value) / 16;
        seen[pixel * RGB + channel] = (byte) mixed;
      }
    }
    return new RasterImage(picture.height(), picture.width(), RGB, seen);
  }

  /**
   * The picture alone.
   *
   * @param picture 1 or 3 channels
   * @return height x width x 3
   */
  public static RasterImage inColour(RasterImage picture) {
    if (picture.channels() == RGB) {
      return picture;
    }
    byte[] grey = picture.interleaved();
    byte[] rgb = new byte[grey.length * RGB];
    for (int i = 0; i < grey.length; i++) {
      Arrays.fill(rgb, RGB * i, RGB * (i + 1), grey[i]);
    }
    return new RasterImage(picture.height(), picture.width(), RGB, rgb);
  }

  /** The classes, and void at the end. */
  public Legend legend() {
    List<Legend.Entry> entries = new ArrayList<>();
    for (int label = 0; label < classes.size(); label++) {
      boolean isDrawn = colours[label] != 0;
      String name = classes.get(label).name();
      entries.add(new Legend.Entry(isDrawn ? name : name + ", not drawn", colours[label]));
    }
    entries.add(new Legend.Entry("void", colours[PixelClass.VOID]));
    return new Legend(entries);
  }

  /** 0..255. */
  int colour(int label, int channel) {
    return colours[label] >> BITS * (RGB - 1 - channel) & 0xFF;
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
