// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.decode.further;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import org.bellows.data.decode.image.ImageRefusedException;
import org.bellows.data.decode.image.ImageRefusedException.Reason;
import org.bellows.data.decode.image.RasterImage;

/** Pixels of an AWT image as red, green and blue, without any change of colour space. */
final class RgbPixels {
  private static final int CHANNELS = 3;
  private static final int WHITE = 255;

  private RgbPixels() {}

  /**
   * @param format for messages
   */
  static RasterImage of(BufferedImage image, String format) {
    return image.getColorModel() instanceof ComponentColorModel colours
        ? ofComponents(image.getRaster(), colours, format)
        : ofPacked(image);
  }

  /** With a palette, or a pixel in one number: the values are those of sRGB. */
  private static RasterImage ofPacked(BufferedImage image) {
    int height = image.getHeight();
    int width = image.getWidth();
    byte[] rgb = new byte[height * width * CHANNELS];
    int[] row = new int[width];
    int to = 0;
    for (int y = 0; y < height; y++) {
      image.getRGB(0, y, width, 1, row, 0, width);
      for (int pixel : row) {
        int alpha = pixel >>> 24;
        rgb[to++] = overWhite(pixel >> 16 & 0xFF, alpha, false);
        rgb[to++] = overWhite(pixel >> 8 & 0xFF, alpha, false);
        rgb[to++] = overWhite(pixel & 0xFF, alpha, false);
      }
    }
    return new RasterImage(height, width, CHANNELS, rgb);
  }

  /**
   * Samples as they are stored. {@link BufferedImage#getRGB} would brighten grey, which it takes
   * for linear.
   */
  private static RasterImage ofComponents(
      Raster raster, ComponentColorModel colours, String format) {
    int kind = colours.getColorSpace().getType();
    int shift = shift(raster, format);
    if (kind != ColorSpace.TYPE_GRAY && kind != ColorSpace.TYPE_RGB) {
      throw new ImageRefusedException(
          Reason.UNSUPPORTED,
          "is a %s of %d channels that are neither grey nor red, green and blue"
              .formatted(format, raster.getNumBands()));
    }
    boolean isGrey = kind == ColorSpace.TYPE_GRAY;
    int alphaBand = colours.hasAlpha() ? raster.getNumBands() - 1 : -1;
    int width = raster.getWidth();
    int bands = raster.getNumBands();
    byte[] rgb = new byte[raster.getHeight() * width * CHANNELS];
    int[] row = new int[width * bands];
    int to = 0;
    for (int y = 0; y < raster.getHeight(); y++) {
      raster.getPixels(raster.getMinX(), raster.getMinY() + y, width, 1, row);
      for (int at = 0; at < row.length; at += bands) {
        int alpha = alphaBand < 0 ? WHITE : row[at + alphaBand] >> shift;
        for (int channel = 0; channel < CHANNELS; channel++) {
          int value = row[at + (isGrey ? 0 : channel)] >> shift;
          rgb[to++] = overWhite(value, alpha, isPremultiplied(colours));
        }
      }
    }
    return new RasterImage(raster.getHeight(), width, CHANNELS, rgb);
  }

  private static boolean isPremultiplied(ColorModel colours) {
    return colours.hasAlpha() && colours.isAlphaPremultiplied();
  }

  /** Bits that are dropped of a sample. */
  private static int shift(Raster raster, String format) {
    return switch (raster.getDataBuffer().getDataType()) {
      case DataBuffer.TYPE_BYTE -> 0;
      case DataBuffer.TYPE_USHORT -> 8;
      default ->
          throw new ImageRefusedException(
              Reason.UNSUPPORTED,
              "is a %s of samples that are no whole numbers of 8 or 16 bits".formatted(format));
    };
  }

  private static byte overWhite(int value, int alpha, boolean isPremultiplied) {
    if (alpha == WHITE) {
      return (byte) value;
    }
    int weighted = isPremultiplied ? value * WHITE : value * alpha;
    return (byte) Math.min(WHITE, (weighted + WHITE * (WHITE - alpha) + WHITE / 2) / WHITE);
  }
}
