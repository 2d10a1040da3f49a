// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.image;

import java.io.Closeable;
import java.io.IOException;
import java.io.Serializable;
import org.apache.hadoop.conf.Configuration;
import org.bellows.data.decode.ImageDecoder;
import org.bellows.data.decode.OpenCv;
import org.bellows.data.decode.image.ImageRefusedException;
import org.bellows.data.decode.image.RasterImage;
import org.bellows.data.encode.JpegEncoder;
import org.bellows.data.prepare.mask.MaskRules;
import org.bellows.data.prepare.source.part.ItemContent.RawPixels;
import org.bellows.data.prepare.source.part.SourceItem;
import org.bellows.data.shard.EncodedSample;
import org.bellows.data.shard.Encoding;

/** From an item to what is stored of it, and its pixels. Not thread-safe. */
public final class SampleReader implements Closeable {
  private final ContentReader content;
  private final ImageDecoder decoder;
  private final ItemMasks masks;
  private final Rules rules;

  /**
   * @param shorterSide pixels that images are shrunk to; 0: they are stored as they are
   * @param jpegQuality of images that were shrunk
   * @param masks the meaning of masks
   */
  public record Rules(long maxPixels, int shorterSide, int jpegQuality, MaskRules masks)
      implements Serializable {}

  /**
   * An image as it is stored, and decoded for validity and statistics.
   *
   * @param mask labels as they are stored, with the numbers of objects where they are told apart;
   *     null where it has none
   */
  public record Read(EncodedSample sample, RasterImage pixels, RasterImage mask) {}

  public SampleReader(Configuration hadoop, Rules rules) {
    this.content = new ContentReader(hadoop);
    this.decoder = new ImageDecoder(rules.maxPixels());
    this.masks = new ItemMasks(content, rules.masks(), rules.maxPixels());
    this.rules = rules;
  }

  /**
   * @throws ImageRefusedException when it is not a good image
   * @throws ItemRefusedException when something else is wrong with it
   * @throws IOException when it cannot be read
   */
  public Read read(SourceItem item, int label) throws IOException, ItemRefusedException {
    if (item.content() instanceof RawPixels raw) {
      RasterImage pixels =
          new RasterImage(raw.height(), raw.width(), raw.channels(), raw.interleaved());
      return new Read(
          sample(item, label, Encoding.RAW8, pixels, raw.interleaved(), null), pixels, null);
    }
    byte[] image = decoder.stored(content.read(item.content()));
    ImageDecoder.Decoded decoded = decoder.decodeWithHeader(image);
    RasterImage pixels = decoded.pixels();
    RasterImage mask = item.masks().isEmpty() ? null : masks.read(item.masks(), decoded.header());
    if (rules.shorterSide() > 0
        && Math.min(pixels.height(), pixels.width()) > rules.shorterSide()) {
      return shrunk(item, label, pixels, mask);
    }
    byte[] storedMask = mask == null ? null : OpenCv.png(mask);
    Encoding encoding = decoded.header().encoding();
    return new Read(sample(item, label, encoding, pixels, image, storedMask), pixels, mask);
  }

  @Override
  public void close() throws IOException {
    content.close();
  }

  /** The pixels are those of the smaller JPEG: statistics are of what is stored. */
  private Read shrunk(SourceItem item, int label, RasterImage pixels, RasterImage mask) {
    int shorter = Math.min(pixels.height(), pixels.width());
    int height = side(pixels.height(), shorter);
    int width = side(pixels.width(), shorter);
    OpenCv.Region whole = new OpenCv.Region(0, 0, pixels.height(), pixels.width());
    byte[] image =
        JpegEncoder.encode(OpenCv.resize(pixels, whole, height, width), rules.jpegQuality());
    RasterImage smaller = mask == null ? null : nearest(mask, height, width);
    byte[] storedMask = mask == null ? null : OpenCv.png(smaller);
    RasterImage stored = decoder.decode(image);
    return new Read(sample(item, label, Encoding.JPEG, stored, image, storedMask), stored, smaller);
  }

  private int side(int side, int shorter) {
    return (int) Math.round((double) side * rules.shorterSide() / shorter);
  }

  /** Labels cannot be averaged: the value of the pixel that the new pixel's centre falls into. */
  public static RasterImage nearest(RasterImage labels, int height, int width) {
    int channels = labels.channels();
    byte[] to = new byte[height * width * channels];
    for (int row = 0; row < height; row++) {
      int fromRow = (int) ((2L * row + 1) * labels.height() / (2L * height));
      for (int column = 0; column < width; column++) {
        int fromColumn = (int) ((2L * column + 1) * labels.width() / (2L * width));
        int from = (fromRow * labels.width() + fromColumn) * channels;
        int at = (row * width + column) * channels;
        System.arraycopy(labels.interleaved(), from, to, at, channels);
      }
    }
    return new RasterImage(height, width, channels, to);
  }

  private static EncodedSample sample(
      SourceItem item,
      int label,
      Encoding encoding,
      RasterImage pixels,
      byte[] image,
      byte[] mask) {
    return new EncodedSample(
        0,
        label,
        encoding,
        pixels.height(),
        pixels.width(),
        pixels.channels(),
        item.path(),
        image,
        mask);
  }
}
