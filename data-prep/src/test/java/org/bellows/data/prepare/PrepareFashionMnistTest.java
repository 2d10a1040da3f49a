// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.bellows.conf.Settings;
import org.bellows.conf.part.PrepareSettings;
import org.bellows.data.TestData;
import org.bellows.data.TestSettings;
import org.bellows.data.batch.EvaluationBatch;
import org.bellows.data.batch.EvaluationBatches;
import org.bellows.data.batch.InputSpec;
import org.bellows.data.batch.LaneBatch;
import org.bellows.data.batch.ReadAhead;
import org.bellows.data.batch.TrainingBatches;
import org.bellows.data.batch.TrainingSpan;
import org.bellows.data.batch.TrainingTransform;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.manifest.DatasetVerifier;
import org.bellows.data.manifest.ManifestFile;
import org.bellows.data.order.SampleOrder;
import org.bellows.data.shard.BlockReader;
import org.bellows.data.shard.DatasetReader;
import org.bellows.data.shard.EncodedSample;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real Fashion-MNIST files through prepare and into batches. */
@Tag("integration")
class PrepareFashionMnistTest {
  private static final int PIXELS = 28 * 28;

  /** Row 14, column 14 of the file's first image, read with zcat and od. */
  private static final int FIRST_IMAGE_MIDDLE = 217;

  private final Configuration hadoop = new Configuration();

  @TempDir Path folder;

  @Test
  void preparesAllImagesAndFeedsThem() {
    Path source = TestData.require("fashion-mnist");
    Settings settings =
        TestSettings.prepare(
            source,
            folder.resolve("prepared"),
            "prepare.shard-mebibytes=16",
            "model.channels=1",
            "model.height-pixels=28",
            "model.width-pixels=28",
            "augment.crop=padded",
            "augment.padding-pixels=2",
            "augment.evaluation-crop=resize");
    List<Long> progress = new ArrayList<>();
    PrepareSummary summary;
    try (JavaSparkContext spark = TestSpark.local(2)) {
      summary =
          PrepareJob.run(spark, PrepareSettings.of(settings), now -> progress.add(now.images()));
    }
    System.out.printf("prepare fashion-mnist: %.1f s%n", summary.seconds());
    assertThat(summary.images()).isEqualTo(70_000);
    assertThat(summary.bytes()).isEqualTo(70_000L * PIXELS);
    assertThat(summary.refused()).isEmpty();
    assertThat(progress).last().isEqualTo(70_000L);

    DatasetManifest manifest = ManifestFile.read(hadoop, settings.data().path());
    assertThat(manifest).isEqualTo(summary.manifest());
    assertThat(manifest.classes())
        .containsExactly("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");
    assertThat(manifest.split("train").samples()).isEqualTo(60_000);
    assertThat(manifest.split("train").shards()).hasSize(3);
    assertThat(manifest.split("test").samples()).isEqualTo(10_000);
    // The published statistics of Fashion-MNIST's training images.
    assertThat(manifest.split("train").mean().get(0)).isBetween(0.28603, 0.28605);
    assertThat(manifest.split("train").standardDeviation().get(0)).isBetween(0.35301, 0.35303);
    DatasetVerifier.verify(
        hadoop, settings.data().path(), manifest, List.of("train", "test"), Settings.Verify.SHA256);

    checkSamples(settings, manifest);
    measure(settings, manifest);
    evaluate(settings, manifest);
  }

  private void checkSamples(Settings settings, DatasetManifest manifest) {
    DatasetReader train = new DatasetReader(hadoop, settings.data().path(), manifest, "train");
    int[] perClass = new int[10];
    try (BlockReader blocks = train.openBlocks()) {
      long id = 0;
      for (int block = 0; block < train.blocks(); block++) {
        for (EncodedSample sample : train.read(blocks, block)) {
          assertThat(sample.id()).isEqualTo(id++);
          perClass[sample.label()]++;
          if (sample.source().equals("train-images-idx3-ubyte#0")) {
            // The first image of the file is an ankle boot.
            assertThat(sample.label()).isEqualTo(9);
            assertThat(sample.image()[14 * 28 + 14] & 0xFF).isEqualTo(FIRST_IMAGE_MIDDLE);
            assertThat(sample.image()[0]).isZero();
          }
        }
      }
    }
    assertThat(perClass).containsOnly(6000);
  }

  private void measure(Settings settings, DatasetManifest manifest) {
    DatasetReader train = new DatasetReader(hadoop, settings.data().path(), manifest, "train");
    InputSpec input =
        InputSpec.of(settings.augment(), settings.model(), manifest.split("train"), 1);
    measureTransform(train, input);
    SampleOrder order = new SampleOrder(train.blockSamples(), 4, 16, 1024, 1);
    for (int epoch = 0; epoch < 2; epoch++) {
      long start = System.nanoTime();
      long samples = 0;
      TrainingSpan span = new TrainingSpan(epoch, 0, order.stepsPerEpoch(), 0, 4);
      try (TrainingBatches batches =
          new TrainingBatches(train, order, input, span, new ReadAhead(1, 4))) {
        for (LaneBatch batch = batches.next(); batch != null; batch = batches.next()) {
          samples += batch.targets().samples();
        }
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      System.out.printf("fashion-mnist batches: %.0f images/s%n", samples / seconds);
      assertThat(samples).isEqualTo(60_000 / 64 * 64);
    }
  }

  /** Augmenting and normalising alone, on this thread. */
  private static void measureTransform(DatasetReader train, InputSpec input) {
    TrainingTransform transform = new TrainingTransform(input);
    float[] out = new float[PIXELS];
    try (BlockReader blocks = train.openBlocks()) {
      List<EncodedSample> samples = train.read(blocks, 0);
      for (int round = 0; round < 3; round++) {
        long start = System.nanoTime();
        for (int epoch = 0; epoch < 60; epoch++) {
          for (EncodedSample sample : samples) {
            transform.apply(sample, epoch, out, 0);
          }
        }
        System.out.printf(
            "fashion-mnist transform, one thread: %.0f images/s%n",
            60 * samples.size() * 1e9 / (System.nanoTime() - start));
      }
    }
  }

  private void evaluate(Settings settings, DatasetManifest manifest) {
    DatasetReader test = new DatasetReader(hadoop, settings.data().path(), manifest, "test");
    InputSpec input =
        InputSpec.of(settings.augment(), settings.model(), manifest.split("train"), 1);
    long samples = 0;
    for (int worker = 0; worker < 3; worker++) {
      EvaluationBatches.BatchSelection selection =
          EvaluationBatches.BatchSelection.ofWorker(test.samples(), 64, worker, 3);
      try (EvaluationBatches batches =
          new EvaluationBatches(test, input, selection, new ReadAhead(1, 4))) {
        for (EvaluationBatch batch = batches.next(); batch != null; batch = batches.next()) {
          assertThat(batch.sampleIds()[0]).isEqualTo(batch.index() * 64L);
          float expected =
              ((batch.samples().get(0).image()[400] & 0xFF) / 255f - input.mean()[0])
                  / input.standardDeviation()[0];
          assertThat(batch.pixels()[400]).isEqualTo(expected);
          samples += batch.targets().samples();
        }
      }
    }
    assertThat(samples).isEqualTo(10_000);
  }
}
