// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.decode.png;

import org.bellows.data.decode.image.RasterImage;
import org.bellows.data.decode.image.SizeLimit;

/**
 * Decodes PNGs of every kind to 8 bits in Java: libpng, as OpenCV calls it, drops alpha, and would
 * inflate text and colour profiles. With 16 bits the upper 8 are used, as in libpng and Pillow.
 * Transparent pixels are blended over {@link #BACKGROUND}.
 */
public final class PngDecoder implements PngRows.Sink {
  /**
   * White, as a page is: pictures with alpha are mostly drawings and cut-outs made for a page. out
   * = (alpha x colour + (255 - alpha) x background) / 255, rounded.
   */
  static final int BACKGROUND = 255;

  private static final int BGR = 3;
  private static final int OPAQUE = 255;

  private final PngHeader header;
  private final byte[] out;

  /** For each value of a single sample up to 8 bits: blue, green, red. Null for other pictures. */
  private final byte[] colours;

  /** The bytes of a pixel that is transparent; null if none is. */
  private final byte[] key;

  private PngDecoder(PngStructure structure) {
    this.header = structure.header();
    this.out = new byte[header.height() * header.width() * BGR];
    this.key = key(structure);
    this.colours =
        header.colour().channels() == 1 && header.depth() <= 8 ? colours(structure) : null;
  }

  /**
   * @param file in which {@link PngStructure} found nothing wrong
   * @return height x width x 3 in OpenCV's order blue, green, red
   */
  public static RasterImage decodeBgr(byte[] file) {
    PngStructure structure = PngStructure.walk(file, new SizeLimit(SizeLimit.MOST_PIXELS));
    PngDecoder decoder = new PngDecoder(structure);
    new PngRows(structure.header(), structure.data()).read(decoder);
    return new RasterImage(decoder.header.height(), decoder.header.width(), BGR, decoder.out);
  }

  /** The pixel's value in a row of one sample a pixel, of 1, 2, 4 or 8 bits. */
  static int sample(byte[] row, int pixel, int depth) {
    if (depth == 8) {
      return row[pixel] & 0xFF;
    }
    int bit = pixel * depth;
    return (row[bit >> 3] & 0xFF) >> (8 - depth - (bit & 7)) & (1 << depth) - 1;
  }

  /** tRNS holds 16 bits a sample, of which the lower ones count. */
  private static byte[] key(PngStructure structure) {
    byte[] stored = structure.transparency();
    PngHeader header = structure.header();
    if (stored == null || header.colour() == PngHeader.Colour.PALETTE || header.depth() == 16) {
      return header.colour() == PngHeader.Colour.PALETTE ? null : stored;
    }
    byte[] low = new byte[stored.length / 2];
    for (int i = 0; i < low.length; i++) {
      low[i] = (byte) (stored[2 * i + 1] & (1 << header.depth()) - 1);
    }
    return low;
  }

  private byte[] colours(PngStructure structure) {
    byte[] table = new byte[256 * BGR];
    byte[] palette = structure.palette();
    byte[] alphas = structure.transparency();
    boolean isPalette = header.colour() == PngHeader.Colour.PALETTE;
    int most = (1 << header.depth()) - 1;
    for (int value = 0; value <= most; value++) {
      if (!isPalette) {
        int alpha = key != null && value == (key[0] & 0xFF) ? 0 : OPAQUE;
        int grey = value * 255 / most;
        put(table, value, grey, grey, grey, alpha);
      } else if (value < palette.length / BGR) {
        int alpha = alphas != null && value < alphas.length ? alphas[value] & 0xFF : OPAQUE;
        int at = value * BGR;
        put(table, value, palette[at], palette[at + 1], palette[at + 2], alpha);
      }
    }
    return table;
  }

  @Override
  public void accept(byte[] bytes, int row, int pixels, PngRows.Pass pass) {
    int to = row * header.width() + pass.column();
    for (int i = 0; i < pixels; i++) {
      if (colours != null) {
        int from = sample(bytes, i, header.depth()) * BGR;
        System.arraycopy(colours, from, out, to * BGR, BGR);
      } else {
        putPixel(bytes, i, to);
      }
      to += pass.columnStep();
    }
  }

  /** A value of one byte, or of two with the upper one first. */
  private void putPixel(byte[] row, int pixel, int to) {
    int bytes = header.depth() / 8;
    int channels = header.colour().channels();
    int at = pixel * channels * bytes;
    int alpha = OPAQUE;
    if (header.colour().hasAlpha()) {
      alpha = row[at + (channels - 1) * bytes] & 0xFF;
    } else if (key != null && isKey(row, at)) {
      alpha = 0;
    }
    int step = channels >= BGR ? bytes : 0;
    put(out, to, row[at], row[at + step], row[at + 2 * step], alpha);
  }

  private boolean isKey(byte[] row, int at) {
    for (int i = 0; i < key.length; i++) {
      if (row[at + i] != key[i]) {
        return false;
      }
    }
    return true;
  }

  private static void put(byte[] target, int pixel, int red, int green, int blue, int alpha) {
    int at = pixel * BGR;
    target[at] = over(blue, alpha);
    target[at + 1] = over(green, alpha);
    target[at + 2] = over(red, alpha);
  }

  private static byte over(int colour, int alpha) {
    return alpha == OPAQUE
        ? (byte) colour
        : (byte) (((colour & 0xFF) * alpha + BACKGROUND * (OPAQUE - alpha) + OPAQUE / 2) / OPAQUE);
  }
}
