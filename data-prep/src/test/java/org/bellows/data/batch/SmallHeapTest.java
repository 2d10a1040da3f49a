// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.Settings;
import org.bellows.data.TestDatasets;
import org.bellows.data.TestSettings;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.manifest.ManifestFile;
import org.bellows.data.manifest.Shard;
import org.bellows.data.manifest.Split;
import org.bellows.data.order.SampleOrder;
import org.bellows.data.shard.DatasetReader;
import org.bellows.data.shard.EncodedSample;
import org.bellows.data.shard.Encoding;
import org.bellows.data.shard.ShardWriter;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A JVM whose heap holds less than half of what waits to be shuffled goes through all the same. */
@Tag("integration")
class SmallHeapTest {
  private static final int SIDE = 256;
  private static final int SAMPLES = 2400;
  private static final int LANES = 4;

  @TempDir Path folder;

  @Test
  void windowsLargerThanTheHeapPassThroughIt() throws Exception {
    write();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // 2400 samples of 64 KiB, all of them in the four lanes' first windows: 150 MiB.
    command.addAll(List.of("-Xmx64m", "-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(SmallHeapTest.class.getName(), folder.toString()));
    Path log = folder.resolve("child.log");
    Process child =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      assertThat(child.waitFor(300, TimeUnit.SECONDS)).isTrue();
    } finally {
      child.destroyForcibly();
    }
    assertThat(log).content().contains(SAMPLES + " samples went through");
    assertThat(child.exitValue()).isZero();
  }

  /** The child. */
  public static void main(String[] args) {
    Configuration hadoop = new Configuration();
    DatasetReader dataset =
        new DatasetReader(hadoop, args[0], ManifestFile.read(hadoop, args[0]), "train");
    Settings settings =
        TestSettings.of(
            "model.channels=1",
            "model.height-pixels=8",
            "model.width-pixels=8",
            "data.buffer-mebibytes=16",
            "data.cache-path=" + args[0]);
    InputSpec input = InputSpec.of(settings.augment(), settings.model(), dataset.split(), 1);
    SampleOrder order = new SampleOrder(dataset.blockSamples(), LANES, 20, 1024, 1);
    TrainingSpan span = new TrainingSpan(0, 0, order.stepsPerEpoch(), 0, LANES);
    int count = 0;
    try (TrainingBatches batches =
        new TrainingBatches(dataset, order, input, span, ReadAhead.of(settings.data()))) {
      for (LaneBatch batch = batches.next(); batch != null; batch = batches.next()) {
        count += batch.size();
      }
    }
    System.out.println(count + " samples went through");
  }

  private void write() throws Exception {
    Configuration hadoop = new Configuration();
    String name = "shards/train-00000.parquet";
    ShardWriter.Written written;
    try (ShardWriter writer =
        new ShardWriter(
            hadoop, new org.apache.hadoop.fs.Path(folder.resolve(name).toUri()), 1024)) {
      for (int i = 0; i < SAMPLES; i++) {
        byte[] image = new byte[SIDE * SIDE];
        writer.write(new EncodedSample(i, 0, Encoding.RAW8, SIDE, SIDE, 1, "raw#" + i, image));
      }
      written = writer.finish();
    }
    Shard shard = new Shard(name, written.bytes(), written.sha256(), written.blockSamples());
    Split split = new Split("train", SAMPLES, 0, List.of(0.5), List.of(0.25), List.of(shard));
    ManifestFile.write(
        hadoop,
        folder.toString(),
        new DatasetManifest(
            DatasetManifest.FORMAT_VERSION,
            List.of("a"),
            List.of(split),
            TestDatasets.provenance()));
  }
}
