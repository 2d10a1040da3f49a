// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.manifest.ManifestFile;
import org.bellows.data.manifest.Provenance;
import org.bellows.data.manifest.Shard;
import org.bellows.data.manifest.Split;
import org.bellows.data.shard.EncodedSample;
import org.bellows.data.shard.Encoding;
import org.bellows.data.shard.ShardWriter;

/**
 * Small prepared datasets without Spark: raw8 grey pictures, each told from the others by its id.
 */
public final class TestDatasets {
  public static final int SIDE = 8;
  public static final int CLASSES = 4;

  private TestDatasets() {}

  public static EncodedSample sample(long id) {
    byte[] image = new byte[SIDE * SIDE];
    for (int i = 0; i < image.length; i++) {
      image[i] = (byte) (id * 31 + i);
    }
    return new EncodedSample(
        id, (int) (id % CLASSES), Encoding.RAW8, SIDE, SIDE, 1, "raw#" + id, image);
  }

  public static Provenance provenance() {
    return new Provenance("file:/source", "tree", "f00", 1, "test", 1, 0, "2020-01-01T00:00:00Z");
  }

  /** One split "train" with shards of these sizes, and a block of about {@code blockKibibytes}. */
  public static DatasetManifest write(
      java.nio.file.Path folder, int blockKibibytes, int... samplesOfShards) throws IOException {
    Configuration hadoop = new Configuration();
    List<Shard> shards = new ArrayList<>();
    long id = 0;
    for (int i = 0; i < samplesOfShards.length; i++) {
      String name = "shards/train-%05d.parquet".formatted(i);
      try (ShardWriter writer =
          new ShardWriter(hadoop, new Path(folder.resolve(name).toUri()), blockKibibytes)) {
        for (int row = 0; row < samplesOfShards[i]; row++) {
          writer.write(sample(id++));
        }
        ShardWriter.Written written = writer.finish();
        shards.add(new Shard(name, written.bytes(), written.sha256(), written.blockSamples()));
      }
    }
    Split split = new Split("train", id, id * SIDE * SIDE, List.of(0.5), List.of(0.25), shards);
    DatasetManifest manifest =
        new DatasetManifest(
            DatasetManifest.FORMAT_VERSION,
            List.of("a", "b", "c", "d"),
            List.of(split),
            provenance());
    ManifestFile.write(hadoop, folder.toString(), manifest);
    return manifest;
  }
}
