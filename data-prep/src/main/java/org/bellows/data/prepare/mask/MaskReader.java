// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.mask;

import org.bellows.data.decode.ContentType;
import org.bellows.data.decode.ImageDecoder;
import org.bellows.data.decode.image.ImageRefusedException;
import org.bellows.data.decode.image.Orientation;
import org.bellows.data.decode.image.RasterImage;
import org.bellows.data.decode.image.SizeLimit;
import org.bellows.data.decode.png.PngSamples;
import org.bellows.data.shard.Encoding;

/**
 * From a mask's file to labels: grey by the sample's value, whatever its bits; a palette by index;
 * colours through a table. Immutable.
 */
public final class MaskReader {
  private final MaskRules rules;
  private final SizeLimit limit;
  private final ImageDecoder decoder;

  /**
   * @param maxPixels masks with more are refused
   */
  public MaskReader(MaskRules rules, long maxPixels) {
    this.rules = rules;
    this.limit = new SizeLimit(Math.min(maxPixels, ImageDecoder.MOST_PIXELS));
    this.decoder = new ImageDecoder(maxPixels);
  }

  /**
   * @param file JPEG or PNG
   * @param height that it must have, as stored
   * @param width that it must have, as stored
   * @return height x width x 1 as stored: labels, void is 255
   * @throws ImageRefusedException when it is no sound image
   * @throws MaskRefusedException when its pixels are no labels
   */
  public RasterImage read(byte[] file, int height, int width) throws MaskRefusedException {
    if (ContentType.of(file) == Encoding.JPEG) {
      return ofJpeg(file, height, width);
    }
    PngSamples png = opened(file, height, width);
    byte[] labels;
    if (rules.colours().isEmpty()) {
      ValueLabels sink = new ValueLabels(rules, png);
      png.read(sink);
      labels = sink.labels();
    } else {
      ColourLabels sink = new ColourLabels(rules.colours(), png);
      png.read(sink);
      labels = sink.labels();
    }
    return new RasterImage(png.height(), png.width(), 1, labels);
  }

  /**
   * A mask whose values are numbers of objects.
   *
   * @return height x width x 3 as stored: labels, 0 where there is no object, else 1; numbers
   * @throws ImageRefusedException when it is no sound image
   * @throws MaskRefusedException when its pixels are no numbers
   */
  public RasterImage readInstances(byte[] file, int height, int width) throws MaskRefusedException {
    if (ContentType.of(file) == Encoding.JPEG) {
      throw new MaskRefusedException(
          "is a JPEG, which makes other numbers of objects near their edges; store masks as PNG");
    }
    PngSamples png = opened(file, height, width);
    NumberedObjects sink = new NumberedObjects(rules, png);
    png.read(sink);
    return sink.map();
  }

  /**
   * A mask of one thing, of which a picture has several.
   *
   * @return height x width x 1 as stored: 1 where it marks, else 0
   * @throws ImageRefusedException when it is no sound image
   * @throws MaskRefusedException when it holds more than two values
   */
  public RasterImage readMarks(byte[] file, int height, int width) throws MaskRefusedException {
    if (ContentType.of(file) == Encoding.JPEG) {
      return ofJpeg(file, height, width);
    }
    PngSamples png = opened(file, height, width);
    BinaryMask sink = new BinaryMask(png);
    png.read(sink);
    return new RasterImage(png.height(), png.width(), 1, sink.marks());
  }

  /** By the mean of the three channels, which are equal where it is grey. */
  private RasterImage ofJpeg(byte[] file, int height, int width) throws MaskRefusedException {
    if (rules.threshold() == 0) {
      throw new MaskRefusedException(
          "is a JPEG, which makes other values of labels near their edges; store masks as PNG, or where there are two classes set source.mask-threshold=128");
    }
    ImageDecoder.Decoded decoded = decoder.decodeWithHeader(file);
    requireUpright(decoded.header().orientation());
    requireSize(decoded.pixels().height(), decoded.pixels().width(), height, width);
    RasterImage picture = decoded.pixels();
    byte[] values = picture.interleaved();
    int channels = picture.channels();
    byte[] labels = new byte[picture.height() * picture.width()];
    for (int pixel = 0; pixel < labels.length; pixel++) {
      int sum = 0;
      for (int channel = 0; channel < channels; channel++) {
        sum += values[pixel * channels + channel] & 0xFF;
      }
      labels[pixel] = (byte) rules.label(sum / channels);
    }
    return new RasterImage(picture.height(), picture.width(), 1, labels);
  }

  private PngSamples opened(byte[] file, int height, int width) throws MaskRefusedException {
    PngSamples png = PngSamples.of(file, limit);
    requireUpright(png.orientation());
    requireSize(png.height(), png.width(), height, width);
    return png;
  }

  private static void requireSize(int height, int width, int ofImage, int wide)
      throws MaskRefusedException {
    if (height != ofImage || width != wide) {
      throw new MaskRefusedException(
          "is %d x %d, but its image %d x %d".formatted(height, width, ofImage, wide));
    }
  }

  private static void requireUpright(Orientation orientation) throws MaskRefusedException {
    if (!orientation.equals(Orientation.UPRIGHT)) {
      throw new MaskRefusedException(
          "has an EXIF orientation of its own, expected none: turn its pixels and store it without");
    }
  }
}
