// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.data;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.Settings;
import org.bellows.data.batch.PicturePreview;
import org.bellows.data.decode.ImageDecoder;
import org.bellows.data.decode.image.ImageRefusedException;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.shard.BlockReader;
import org.bellows.data.shard.DatasetReader;
import org.bellows.data.shard.EncodedSample;
import org.bellows.data.show.ContactSheet;
import org.bellows.data.statistics.Anomaly;
import org.bellows.data.statistics.SplitStatistics.Odd;

/** The pictures of single samples, read on the driver. */
public final class SamplePictures {
  private static final int SIDE = 112;

  private SamplePictures() {}

  /**
   * @return PNG files; a sample that cannot be decoded has none
   */
  public static Map<Anomaly, byte[]> of(
      Configuration hadoop, Settings settings, DatasetManifest manifest, List<Odd> odd) {
    Map<Anomaly, byte[]> pictures = new LinkedHashMap<>();
    ImageDecoder decoder = new ImageDecoder(ImageDecoder.MOST_PIXELS);
    Map<String, DatasetReader> splits = new LinkedHashMap<>();
    try (BlockReader blocks = new BlockReader(hadoop, settings.data().path())) {
      for (Odd kind : odd) {
        for (Anomaly sample : kind.shown()) {
          DatasetReader split =
              splits.computeIfAbsent(
                  sample.split(),
                  name -> new DatasetReader(hadoop, settings.data().path(), manifest, name));
          byte[] png = png(decoder, read(split, blocks, sample.id()));
          if (png.length > 0) {
            pictures.put(sample, png);
          }
        }
      }
    }
    return pictures;
  }

  private static EncodedSample read(DatasetReader split, BlockReader blocks, long id) {
    int block = split.blockOf(id);
    return split.read(blocks, block).get(Math.toIntExact(id - split.firstSampleId(block)));
  }

  private static byte[] png(ImageDecoder decoder, EncodedSample sample) {
    try {
      return PicturePreview.png(ContactSheet.fitted(decoder.decode(sample), SIDE));
    } catch (ImageRefusedException e) {
      // It is shown as undecodable, without a picture.
      return new byte[0];
    }
  }
}
