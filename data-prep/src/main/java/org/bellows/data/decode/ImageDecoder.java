// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.decode;

import org.bellows.data.decode.further.FurtherFormat;
import org.bellows.data.decode.image.ImageHeader;
import org.bellows.data.decode.image.ImageRefusedException;
import org.bellows.data.decode.image.ImageRefusedException.Reason;
import org.bellows.data.decode.image.Orientation;
import org.bellows.data.decode.image.RasterImage;
import org.bellows.data.decode.image.SizeLimit;
import org.bellows.data.decode.jpeg.JpegDecodingTables;
import org.bellows.data.decode.jpeg.JpegStructure;
import org.bellows.data.decode.png.PngDecoder;
import org.bellows.data.decode.png.PngStructure;
import org.bellows.data.shard.EncodedSample;
import org.bellows.data.shard.Encoding;

/**
 * Decodes JPEG (through OpenCV) and PNG into upright RGB, after {@link #inspect} found nothing
 * wrong. Grey becomes RGB with equal channels, 16 bits become the upper 8, what is transparent is
 * laid over white, CMYK is taken as Adobe writes it, inverted: red = K - floor((255 - C) x K / 256)
 * of the stored values, and so on, which is OpenCV's way, mostly one above C x K / 255. Stateless.
 */
public final class ImageDecoder {
  /** The limit that holds whatever is asked for. */
  public static final long MOST_PIXELS = SizeLimit.MOST_PIXELS;

  private static final int BGR = 3;

  private final SizeLimit limit;

  /**
   * @param maxPixels pictures with more (height x width) are refused before they are decoded
   */
  public ImageDecoder(long maxPixels) {
    this.limit = new SizeLimit(Math.min(maxPixels, MOST_PIXELS));
  }

  /**
   * Checks the file's structure from end to end, down to each Huffman code and each row, without
   * making a picture of it. Several times faster than decoding.
   *
   * @throws ImageRefusedException with the reason
   */
  public ImageHeader inspect(byte[] encoded) {
    limit.checkBytes(encoded.length);
    return ContentType.of(encoded) == Encoding.JPEG
        ? JpegStructure.check(encoded, limit)
        : PngStructure.check(encoded, limit);
  }

  /**
   * A file as a dataset stores it: JPEG and PNG as they are, the first picture of {@link
   * FurtherFormat others} as PNG, upright.
   *
   * @throws ImageRefusedException when a file of another format is damaged or too large
   */
  public byte[] stored(byte[] encoded) {
    limit.checkBytes(encoded.length);
    return FurtherFormat.of(encoded)
        .map(format -> OpenCv.png(format.decode(encoded, limit)))
        .orElse(encoded);
  }

  /**
   * A file {@link #stored as a dataset stores it}, as a sample with id and label 0, checked as by
   * {@link #inspect}.
   *
   * @param source where it came from, for messages
   * @throws ImageRefusedException with the reason
   */
  public EncodedSample inspected(byte[] encoded, String source) {
    byte[] stored = stored(encoded);
    ImageHeader header = inspect(stored);
    return new EncodedSample(
        0, 0, header.encoding(), header.height(), header.width(), BGR, source, stored);
  }

  /**
   * @return height x width x 3, or for raw8 what the sample holds, uncopied
   * @throws ImageRefusedException with the reason
   */
  public RasterImage decode(EncodedSample sample) {
    return decode(sample, 1);
  }

  /**
   * @param reduction 1, 2, 4 or 8: a JPEG's sides are divided by it (rounding up) while it is
   *     decoded; other encodings are decoded in full
   */
  public RasterImage decode(EncodedSample sample, int reduction) {
    if (sample.encoding() != Encoding.RAW8) {
      return decode(sample.image(), reduction);
    }
    long expected = (long) sample.height() * sample.width() * sample.channels();
    if (sample.image().length != expected) {
      throw new ImageRefusedException(
          Reason.CORRUPT,
          "has %d bytes, expected %d x %d x %d"
              .formatted(
                  sample.image().length, sample.height(), sample.width(), sample.channels()));
    }
    return new RasterImage(sample.height(), sample.width(), sample.channels(), sample.image());
  }

  /** A JPEG or PNG file of unknown content, in full size. */
  public RasterImage decode(byte[] encoded) {
    return decode(encoded, 1);
  }

  /**
   * A picture as it is displayed.
   *
   * @param header properties according to the file
   */
  public record Decoded(ImageHeader header, RasterImage pixels) {}

  /** Like {@link #decode(byte[])}, with the header. */
  public Decoded decodeWithHeader(byte[] encoded) {
    ImageHeader header = inspect(encoded);
    return new Decoded(header, decode(encoded, header, 1));
  }

  private RasterImage decode(byte[] encoded, int reduction) {
    return decode(encoded, inspect(encoded), reduction);
  }

  private static RasterImage decode(byte[] encoded, ImageHeader header, int reduction) {
    if (header.encoding() == Encoding.PNG) {
      return upright(PngDecoder.decodeBgr(encoded), header.orientation());
    }
    RasterImage bgr = OpenCv.decodeBgr(JpegDecodingTables.of(encoded), reduction);
    int height = (header.storedHeight() + reduction - 1) / reduction;
    int width = (header.storedWidth() + reduction - 1) / reduction;
    if (bgr.height() != height || bgr.width() != width) {
      throw new ImageRefusedException(
          Reason.DECODE_FAILED,
          "was decoded to %d x %d, its header says %d x %d"
              .formatted(bgr.height(), bgr.width(), height, width));
    }
    return upright(bgr, header.orientation());
  }

  /** Blue, green, red as stored -> red, green, blue as displayed, in one pass. */
  private static RasterImage upright(RasterImage bgr, Orientation orientation) {
    if (orientation.equals(Orientation.UPRIGHT)) {
      swapInPlace(bgr.interleaved());
      return bgr;
    }
    int height = orientation.transposed() ? bgr.width() : bgr.height();
    int width = orientation.transposed() ? bgr.height() : bgr.width();
    byte[] stored = bgr.interleaved();
    byte[] rgb = new byte[stored.length];
    int to = 0;
    for (int row = 0; row < height; row++) {
      for (int column = 0; column < width; column++) {
        int storedRow = orientation.transposed() ? column : row;
        int storedColumn = orientation.transposed() ? row : column;
        if (orientation.flipsRows()) {
          storedRow = bgr.height() - 1 - storedRow;
        }
        if (orientation.flipsColumns()) {
          storedColumn = bgr.width() - 1 - storedColumn;
        }
        int from = (storedRow * bgr.width() + storedColumn) * BGR;
        rgb[to++] = stored[from + 2];
        rgb[to++] = stored[from + 1];
        rgb[to++] = stored[from];
      }
    }
    return new RasterImage(height, width, BGR, rgb);
  }

  private static void swapInPlace(byte[] pixels) {
    for (int i = 0; i < pixels.length; i += BGR) {
      byte first = pixels[i];
      pixels[i] = pixels[i + 2];
      pixels[i + 2] = first;
    }
  }
}
