// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.manifest.ManifestFile;
import org.bellows.data.manifest.Provenance;
import org.bellows.data.manifest.Shard;
import org.bellows.data.manifest.Split;
import org.bellows.data.shard.EncodedSample;
import org.bellows.data.shard.Encoding;
import org.bellows.data.shard.ShardColumns;
import org.bellows.data.shard.ShardWriter;

/**
 * A prepared dataset of grey 12 x 12 pictures: a bright quarter says the class, the rest is noise.
 */
public final class TinyDataset {
  public static final int SIDE = 12;
  public static final List<String> CLASSES =
      List.of("upper-left", "upper-right", "lower-left", "lower-right");

  private TinyDataset() {}

  public static DatasetManifest write(Path folder, int train, int validation) throws IOException {
    Split first = split(folder, "train", train, 1);
    Split second = split(folder, "validation", validation, 2);
    return manifest(folder, List.of(first, second));
  }

  private static DatasetManifest manifest(Path folder, List<Split> splits) throws IOException {
    DatasetManifest manifest =
        new DatasetManifest(
            DatasetManifest.FORMAT_VERSION,
            CLASSES,
            splits,
            new Provenance("file:/tiny", "idx", "0", 1, "test", 1, 0, "2020-01-01T00:00:00Z"));
    ManifestFile.write(new Configuration(), folder.toString(), manifest);
    return manifest;
  }

  /**
   * Each quarter is bright or not by itself, and a sample is of each class that is: of any number.
   */
  public static DatasetManifest writeSeveral(Path folder, int train, int validation)
      throws IOException {
    List<Split> splits = new ArrayList<>();
    for (String name : List.of("train", "validation")) {
      int samples = name.equals("train") ? train : validation;
      List<EncodedSample> all = new ArrayList<>();
      for (int id = 0; id < samples; id++) {
        all.add(several(id, splits.size() + 1));
      }
      splits.add(split(folder, name, all, 0.4, 0.25, ShardColumns.LABELS));
    }
    DatasetManifest manifest = manifest(folder, splits).withSeveralLabels();
    ManifestFile.write(new Configuration(), folder.toString(), manifest);
    return manifest;
  }

  private static EncodedSample several(int id, long seed) {
    SplittableRandom random = new SplittableRandom(seed * 1_000_003 + id);
    boolean[] isBright = new boolean[CLASSES.size()];
    for (int quarter = 0; quarter < isBright.length; quarter++) {
      isBright[quarter] = random.nextInt(3) == 0;
    }
    byte[] image = new byte[SIDE * SIDE];
    for (int row = 0; row < SIDE; row++) {
      for (int column = 0; column < SIDE; column++) {
        int quarter = (row < SIDE / 2 ? 0 : 2) + (column < SIDE / 2 ? 0 : 1);
        image[row * SIDE + column] = (byte) (random.nextInt(180) + (isBright[quarter] ? 50 : 0));
      }
    }
    int[] labels =
        IntStream.range(0, isBright.length).filter(quarter -> isBright[quarter]).toArray();
    return new EncodedSample(id, 0, Encoding.RAW8, SIDE, SIDE, 1, "several#" + id, image)
        .withLabels(labels);
  }

  /** Black pictures, 0 to the network, and one white one, which is all 1. */
  public static DatasetManifest writeWithOneOdd(Path folder, int train, int odd)
      throws IOException {
    List<EncodedSample> samples = new ArrayList<>();
    for (int id = 0; id < train; id++) {
      byte[] image = new byte[SIDE * SIDE];
      Arrays.fill(image, (byte) (id == odd ? 255 : 0));
      int label = id % CLASSES.size();
      samples.add(new EncodedSample(id, label, Encoding.RAW8, SIDE, SIDE, 1, "odd#" + id, image));
    }
    Split split = split(folder, "train", samples, 0, 1);
    return manifest(folder, List.of(split));
  }

  private static Split split(Path folder, String name, int samples, long seed) throws IOException {
    List<EncodedSample> all = new ArrayList<>();
    for (int id = 0; id < samples; id++) {
      all.add(sample(id, seed));
    }
    return split(folder, name, all, 0.4, 0.25);
  }

  private static Split split(
      Path folder, String name, List<EncodedSample> samples, double mean, double deviation)
      throws IOException {
    return split(folder, name, samples, mean, deviation, ShardColumns.PLAIN);
  }

  private static Split split(
      Path folder,
      String name,
      List<EncodedSample> samples,
      double mean,
      double deviation,
      ShardColumns columns)
      throws IOException {
    String path = "shards/" + name + "-00000.parquet";
    try (ShardWriter writer =
        new ShardWriter(
            new Configuration(),
            new org.apache.hadoop.fs.Path(folder.resolve(path).toUri()),
            16,
            columns)) {
      for (EncodedSample sample : samples) {
        writer.write(sample);
      }
      ShardWriter.Written written = writer.finish();
      Shard shard = new Shard(path, written.bytes(), written.sha256(), written.blockSamples());
      long bytes = (long) samples.size() * SIDE * SIDE;
      return new Split(
          name, samples.size(), bytes, List.of(mean), List.of(deviation), List.of(shard));
    }
  }

  private static EncodedSample sample(int id, long seed) {
    SplittableRandom random = new SplittableRandom(seed * 1_000_003 + id);
    int label = random.nextInt(CLASSES.size());
    byte[] image = new byte[SIDE * SIDE];
    for (int row = 0; row < SIDE; row++) {
      for (int column = 0; column < SIDE; column++) {
        int quarter = (row < SIDE / 2 ? 0 : 2) + (column < SIDE / 2 ? 0 : 1);
        int bright = quarter == label ? 50 : 0;
        image[row * SIDE + column] = (byte) (random.nextInt(180) + bright);
      }
    }
    return new EncodedSample(id, label, Encoding.RAW8, SIDE, SIDE, 1, "tiny#" + id, image);
  }

  /** Labels and pictures without a file, [n, 1, SIDE, SIDE] in about -1 .. 1. */
  public static float[] pixels(int n, long seed) {
    List<EncodedSample> samples = new ArrayList<>();
    for (int id = 0; id < n; id++) {
      samples.add(sample(id, seed));
    }
    float[] pixels = new float[n * SIDE * SIDE];
    for (int i = 0; i < pixels.length; i++) {
      int value = samples.get(i / (SIDE * SIDE)).image()[i % (SIDE * SIDE)] & 0xFF;
      pixels[i] = value / 127.5f - 1;
    }
    return pixels;
  }

  public static int[] labels(int n, long seed) {
    int[] labels = new int[n];
    for (int id = 0; id < n; id++) {
      labels[id] = sample(id, seed).label();
    }
    return labels;
  }
}
