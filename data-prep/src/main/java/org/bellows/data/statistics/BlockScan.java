// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.statistics;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.bellows.data.decode.ImageDecoder;
import org.bellows.data.decode.LabelMaps;
import org.bellows.data.decode.image.ImageRefusedException;
import org.bellows.data.decode.image.RasterImage;
import org.bellows.data.shard.BlockReader;
import org.bellows.data.shard.DatasetReader;
import org.bellows.data.shard.EncodedSample;
import org.bellows.data.storage.Sha256;

/**
 * Statistics of some consecutive blocks of a split.
 *
 * @param fingerprints one a sample
 */
public record BlockScan(SplitStatistics statistics, List<Fingerprint> fingerprints)
    implements Serializable {
  /** A blank picture is blank at an eighth of its size, too, and that costs a fraction. */
  private static final int REDUCTION = 8;

  /**
   * @param from first block
   * @param to one past the last
   * @param classes of the dataset
   */
  public static BlockScan of(DatasetReader dataset, int from, int to, int classes) {
    String split = dataset.split().name();
    SplitStatistics statistics = new SplitStatistics(split, classes);
    List<Fingerprint> fingerprints = new ArrayList<>();
    ImageDecoder decoder = new ImageDecoder(ImageDecoder.MOST_PIXELS);
    try (BlockReader reader = dataset.openBlocks()) {
      for (int block = from; block < to; block++) {
        for (EncodedSample sample : dataset.read(reader, block)) {
          add(statistics, decoder, sample);
          fingerprints.add(
              new Fingerprint(
                  Sha256.of(sample.image()).substring(0, Fingerprint.DIGITS),
                  split,
                  sample.id(),
                  sample.label(),
                  sample.source()));
        }
      }
    }
    return new BlockScan(statistics, fingerprints);
  }

  private static void add(SplitStatistics statistics, ImageDecoder decoder, EncodedSample sample) {
    try {
      double deviation = deviation(decoder.decode(sample, REDUCTION));
      if (sample.mask() != null) {
        statistics.masks().add(LabelMaps.of(sample));
      }
      statistics.add(sample, deviation);
    } catch (ImageRefusedException e) {
      // Counted and shown as such: a statistic that stops at the first bad sample shows no second.
      statistics.add(sample, Double.NaN);
    }
  }

  /** The deviation of the means over channels, in grey levels. */
  private static double deviation(RasterImage picture) {
    byte[] values = picture.interleaved();
    int channels = picture.channels();
    int pixels = values.length / channels;
    double sum = 0;
    double squares = 0;
    for (int pixel = 0; pixel < pixels; pixel++) {
      double grey = 0;
      for (int channel = 0; channel < channels; channel++) {
        grey += values[pixel * channels + channel] & 0xFF;
      }
      grey /= channels;
      sum += grey;
      squares += grey * grey;
    }
    double mean = sum / pixels;
    return Math.sqrt(Math.max(0, squares / pixels - mean * mean));
  }
}
