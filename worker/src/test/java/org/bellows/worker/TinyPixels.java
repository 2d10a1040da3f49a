// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.hadoop.conf.Configuration;
import org.bellows.data.decode.LabelMaps;
import org.bellows.data.decode.OpenCv;
import org.bellows.data.decode.image.RasterImage;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.manifest.ManifestFile;
import org.bellows.data.manifest.PixelClass;
import org.bellows.data.manifest.Provenance;
import org.bellows.data.manifest.Shard;
import org.bellows.data.manifest.Split;
import org.bellows.data.shard.EncodedSample;
import org.bellows.data.shard.Encoding;
import org.bellows.data.shard.ShardWriter;
import org.bellows.data.statistics.MaskLabelHistogram;

/**
 * Noisy grey pictures of several sizes with a bright rectangle and a label map: 0 around it, 1 in
 * it, void at its upper edge. The left and the right half of it are two objects. Every fifth
 * picture is void alone. No pixel is of class 2.
 */
public final class TinyPixels {
  public static final int SIDE = 16;
  public static final List<PixelClass> CLASSES =
      List.of(
          new PixelClass("around", "#000000"),
          new PixelClass("inside", "#ffffff"),
          new PixelClass("nowhere", "#ff0000"));

  private TinyPixels() {}

  public static DatasetManifest write(Path folder, int train, int validation) throws IOException {
    List<Split> splits =
        List.of(split(folder, "train", train, 1), split(folder, "validation", validation, 2));
    DatasetManifest manifest =
        DatasetManifest.of(
                List.of(),
                splits,
                CLASSES,
                new Provenance(
                    "file:/tiny", "manifest", "0", 1, "test", 1, 0, "2020-01-01T00:00:00Z"))
            .withInstances();
    ManifestFile.write(new Configuration(), folder.toString(), manifest);
    return manifest;
  }

  private static Split split(Path folder, String name, int samples, long seed) throws IOException {
    String path = "shards/" + name + "-00000.parquet";
    MaskLabelHistogram tally = new MaskLabelHistogram();
    List<EncodedSample> all = new ArrayList<>();
    for (int id = 0; id < samples; id++) {
      all.add(sample(id, seed, tally));
    }
    try (ShardWriter writer =
        new ShardWriter(
            new Configuration(),
            new org.apache.hadoop.fs.Path(folder.resolve(path).toUri()),
            16,
            org.bellows.data.shard.ShardColumns.MASK)) {
      for (EncodedSample sample : all) {
        writer.write(sample);
      }
      ShardWriter.Written written = writer.finish();
      return new Split(
          name,
          samples,
          all.stream().mapToLong(sample -> sample.image().length).sum(),
          List.of(0.4),
          List.of(0.25),
          List.of(new Shard(path, written.bytes(), written.sha256(), written.blockSamples())),
          tally.labelPixels());
    }
  }

  private static EncodedSample sample(int id, long seed, MaskLabelHistogram tally) {
    SplittableRandom random = new SplittableRandom(seed * 1_000_003 + id);
    int height = SIDE + id % 3 * 5;
    int width = SIDE + id % 4 * 3;
    int top = 2 + random.nextInt(height / 2 - 2);
    int left = 1 + random.nextInt(width / 2 - 1);
    byte[] image = new byte[height * width];
    byte[] labels = new byte[height * width];
    int[] objects = new int[height * width];
    for (int row = 0; row < height; row++) {
      for (int column = 0; column < width; column++) {
        int at = row * width + column;
        boolean isInside =
            row >= top && row < top + height / 3 && column >= left && column < left + width / 3;
        image[at] = (byte) (random.nextInt(100) + (isInside ? 120 : 0));
        boolean isVoid = id % 5 == 4 || row == top - 1;
        objects[at] = isInside && !isVoid ? column < left + width / 6 ? 1 : 2 : 0;
        labels[at] = (byte) (isVoid ? PixelClass.VOID : isInside ? 1 : 0);
      }
    }
    RasterImage mask = new RasterImage(height, width, 1, labels);
    tally.add(mask);
    return new EncodedSample(
        id,
        EncodedSample.NO_LABEL,
        Encoding.RAW8,
        height,
        width,
        1,
        "tiny#" + id,
        image,
        OpenCv.png(LabelMaps.joined(mask, objects)));
  }
}
