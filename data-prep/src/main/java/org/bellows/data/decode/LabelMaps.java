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

/**
 * Label maps of samples: height x width x 1, a label a pixel. Where objects are told apart, height
 * x width x 3: the label, and the number of the object in two bytes, the higher first; 0 where
 * there is none.
 */
public final class LabelMaps {
  /** Objects of a picture have numbers from 1 to this. */
  public static final int MOST_INSTANCES = 65_535;

  private static final int WITH_INSTANCES = 3;
  private static final int BYTE = 256;

  /** The cap on pixels was applied when the dataset was prepared. */
  private static final SizeLimit LIMIT = new SizeLimit(SizeLimit.MOST_PIXELS);

  private LabelMaps() {}

  /**
   * @param sample that has a label map
   * @return height x width x 1, of the sample's size
   * @throws ImageRefusedException when it cannot be decoded or has another size
   */
  public static RasterImage of(EncodedSample sample) {
    return labels(opened(sample));
  }

  /**
   * @param png a label map that stands alone: a grey picture's values or a palette's indices
   * @return height x width x 1
   * @throws ImageRefusedException when it cannot be decoded
   */
  public static RasterImage of(byte[] png) {
    return labels(PngSamples.of(png, LIMIT));
  }

  private static RasterImage labels(PngSamples png) {
    byte[] labels = new byte[png.height() * png.width()];
    png.read((pixel, value, second, third, alpha) -> labels[pixel] = (byte) value);
    return new RasterImage(png.height(), png.width(), 1, labels);
  }

  /**
   * @param sample that has a label map with the numbers of objects
   * @return height x width x 3, of the sample's size
   * @throws ImageRefusedException when it cannot be decoded, has another size or no such numbers
   */
  public static RasterImage withInstances(EncodedSample sample) {
    PngSamples png = opened(sample);
    if (!png.isColour()) {
      throw new ImageRefusedException(
          Reason.UNSUPPORTED, "has a label map without the numbers of objects");
    }
    byte[] map = new byte[png.height() * png.width() * WITH_INSTANCES];
    png.read(
        (pixel, label, high, low, alpha) -> {
          map[pixel * WITH_INSTANCES] = (byte) label;
          map[pixel * WITH_INSTANCES + 1] = (byte) high;
          map[pixel * WITH_INSTANCES + 2] = (byte) low;
        });
    return new RasterImage(png.height(), png.width(), WITH_INSTANCES, map);
  }

  private static PngSamples opened(EncodedSample sample) {
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
    return png;
  }

  /**
   * Labels and numbers of objects in one.
   *
   * @param labels height x width x 1
   * @param instances height x width, 0 to {@link #MOST_INSTANCES}
   * @return height x width x 3
   */
  public static RasterImage joined(RasterImage labels, int[] instances) {
    byte[] map = new byte[instances.length * WITH_INSTANCES];
    for (int pixel = 0; pixel < instances.length; pixel++) {
      map[pixel * WITH_INSTANCES] = labels.interleaved()[pixel];
      map[pixel * WITH_INSTANCES + 1] = (byte) (instances[pixel] / BYTE);
      map[pixel * WITH_INSTANCES + 2] = (byte) instances[pixel];
    }
    return new RasterImage(labels.height(), labels.width(), WITH_INSTANCES, map);
  }

  /**
   * @param map with or without the numbers of objects
   * @return height x width x 1: the labels alone
   */
  public static RasterImage labels(RasterImage map) {
    if (map.channels() == 1) {
      return map;
    }
    byte[] labels = new byte[map.height() * map.width()];
    for (int pixel = 0; pixel < labels.length; pixel++) {
      labels[pixel] = map.interleaved()[pixel * WITH_INSTANCES];
    }
    return new RasterImage(map.height(), map.width(), 1, labels);
  }

  /**
   * @param map with the numbers of objects
   * @return height x width: these numbers, 0 where there is none
   */
  public static int[] instances(RasterImage map) {
    byte[] bytes = map.interleaved();
    int[] instances = new int[map.height() * map.width()];
    for (int pixel = 0; pixel < instances.length; pixel++) {
      int at = pixel * WITH_INSTANCES;
      instances[pixel] = (bytes[at + 1] & 0xFF) * BYTE + (bytes[at + 2] & 0xFF);
    }
    return instances;
  }
}
