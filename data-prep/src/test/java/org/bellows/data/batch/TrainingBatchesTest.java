// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.BellowsException;
import org.bellows.conf.Settings;
import org.bellows.data.TestDatasets;
import org.bellows.data.TestSettings;
import org.bellows.data.batch.LaneInput.Pictures;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.order.SampleOrder;
import org.bellows.data.order.ShuffleWindow;
import org.bellows.data.shard.DatasetReader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingBatchesTest {
  private static final int LANES = 3;
  private static final int LANE_BATCH = 5;

  @TempDir Path folder;

  private DatasetReader dataset;
  private SampleOrder order;
  private InputSpec input;

  @BeforeEach
  void write() throws IOException {
    DatasetManifest manifest = TestDatasets.write(folder, 16, 400, 333, 7, 260);
    dataset = new DatasetReader(new Configuration(), folder.toString(), manifest, "train");
    order = new SampleOrder(dataset.blockSamples(), LANES, LANE_BATCH, 64, 9);
    input = spec();
  }

  private InputSpec spec(String... more) {
    List<String> assignments =
        new ArrayList<>(
            List.of(
                "augment.crop=padded",
                "augment.padding-pixels=1",
                "model.channels=1",
                "model.height-pixels=8",
                "model.width-pixels=8"));
    assignments.addAll(List.of(more));
    Settings settings = TestSettings.of(assignments.toArray(String[]::new));
    return InputSpec.of(settings.augment(), settings.model(), dataset.split(), 4);
  }

  @Test
  void comeStepByStepLaneByLaneInTheSampleOrder() {
    List<LaneBatch> batches = all(span(1, 0, order.stepsPerEpoch(), 0, LANES), 2, 3);
    assertThat(batches).hasSize((int) order.stepsPerEpoch() * LANES);
    for (int i = 0; i < batches.size(); i++) {
      LaneBatch batch = batches.get(i);
      assertThat(batch.step()).isEqualTo(i / LANES);
      assertThat(batch.lane()).isEqualTo(i % LANES);
      int from = (int) batch.step() * LANE_BATCH;
      assertThat(batch.sampleIds())
          .isEqualTo(Arrays.copyOfRange(order.sampleIds(1, batch.lane()), from, from + LANE_BATCH));
      for (int n = 0; n < LANE_BATCH; n++) {
        assertThat(targets(batch).labels()[n])
            .isEqualTo((int) (batch.sampleIds()[n] % TestDatasets.CLASSES));
      }
      assertThat(batch.pixels()).hasSize(LANE_BATCH * 64);
      assertThat(targets(batch).distributions())
          .isEqualTo(ClassTargets.oneHot(targets(batch).labels(), TestDatasets.CLASSES));
      assertThat(batch.input().match(Pictures::masks, stored -> null)).isEmpty();
    }
  }

  @Test
  void holdTheSameFloatsHoweverWorkIsDivided() {
    Map<String, float[]> expected = pixels(all(span(2, 0, order.stepsPerEpoch(), 0, LANES), 1, 1));
    Map<String, float[]> divided = new TreeMap<>();
    for (int lane = 0; lane < LANES; lane++) {
      divided.putAll(pixels(all(span(2, 0, 20, lane, lane + 1), 3, 7)));
      divided.putAll(pixels(all(span(2, 20, order.stepsPerEpoch(), lane, lane + 1), 2, 2)));
    }
    assertThat(divided.keySet()).isEqualTo(expected.keySet());
    divided.forEach((key, floats) -> assertThat(floats).as(key).isEqualTo(expected.get(key)));
    Map<String, float[]> otherEpoch = pixels(all(span(3, 0, 2, 0, LANES), 1, 1));
    assertThat(otherEpoch.get("0/0")).isNotEqualTo(expected.get("0/0"));
  }

  @Test
  void goOnFromOneEpochIntoTheNext() {
    long steps = order.stepsPerEpoch();
    List<LaneBatch> expected = new ArrayList<>(all(span(1, steps - 3, steps, 1, LANES), 1, 1));
    expected.addAll(all(span(2, 0, steps, 1, LANES), 1, 1));
    expected.addAll(all(span(3, 0, 2, 1, LANES), 1, 1));
    TrainingSpan span = span(1, steps - 3, 2 * steps + 2, 1, LANES);
    try (TrainingBatches batches = open(span, 2, 3)) {
      for (int i = 0; i < expected.size(); i++) {
        assertThat(batches.nextStep()).isEqualTo(steps - 3 + i / (LANES - 1));
        LaneBatch batch = batches.next();
        assertThat(batch.step()).isEqualTo(expected.get(i).step());
        assertThat(batch.sampleIds()).isEqualTo(expected.get(i).sampleIds());
        assertThat(batch.pixels()).isEqualTo(expected.get(i).pixels());
      }
      assertThat(batches.next()).isNull();
    }
  }

  /** Whom a sample is mixed with depends on (seed, epoch, lane, step), never on the workers. */
  @ParameterizedTest
  @ValueSource(strings = {"mixup", "cutmix", "ricap"})
  void areMixedAlikeHoweverWorkIsDivided(String mix) {
    InputSpec plain = input;
    input = spec("augment.mix=" + mix, "augment.mix-alpha=1");
    Map<String, LaneBatch> expected = byPlace(all(span(2, 0, 12, 0, LANES), 1, 1));
    for (int lane = 0; lane < LANES; lane++) {
      Map<String, LaneBatch> divided = byPlace(all(span(2, 0, 5, lane, lane + 1), 3, 7));
      divided.putAll(byPlace(all(span(2, 5, 12, lane, lane + 1), 2, 2)));
      divided.forEach(
          (place, batch) -> {
            assertThat(batch.pixels()).as(place).isEqualTo(expected.get(place).pixels());
            assertThat(targets(batch).distributions())
                .as(place)
                .isEqualTo(targets(expected.get(place)).distributions());
          });
    }
    assertThat(expected.values())
        .anySatisfy(
            batch ->
                assertThat(targets(batch).distributions())
                    .isNotEqualTo(
                        ClassTargets.oneHot(targets(batch).labels(), TestDatasets.CLASSES)));
    input = plain;
    Map<String, LaneBatch> unmixed = byPlace(all(span(2, 0, 12, 0, LANES), 1, 1));
    assertThat(unmixed.get("3/1").pixels()).isNotEqualTo(expected.get("3/1").pixels());
    assertThat(targets(unmixed.get("3/1")).labels())
        .isEqualTo(targets(expected.get("3/1")).labels());
  }

  /** The first of the repeats is the picture that a run without repeats would draw. */
  @Test
  void repeatsOfASampleAreAugmentedEachAnew() {
    input = spec("augment.repeats=3", "train.global-batch=96", "augment.crop=random-resized");
    order = new SampleOrder(dataset.blockSamples(), LANES, LANE_BATCH, 64, 9, 3);
    Map<String, LaneBatch> batches = byPlace(all(span(2, 3, 5, 0, LANES), 2, 3));
    Map<String, LaneBatch> alone = byPlace(all(span(2, 3, 5, 1, 2), 1, 1));
    LaneBatch first = batches.get("4/0");
    LaneBatch second = batches.get("4/1");
    LaneBatch third = batches.get("4/2");
    assertThat(second.sampleIds()).isEqualTo(first.sampleIds()).isEqualTo(third.sampleIds());
    assertThat(first.pixels()).isNotEqualTo(second.pixels()).isNotEqualTo(third.pixels());
    assertThat(second.pixels()).isNotEqualTo(third.pixels());
    assertThat(alone.get("4/1").pixels()).isEqualTo(second.pixels());
    input = spec("augment.crop=random-resized");
    assertThat(byPlace(all(span(2, 3, 5, 0, 1), 1, 1)).get("4/0").pixels())
        .isEqualTo(first.pixels());
  }

  private static ClassTargets targets(LaneBatch batch) {
    return batch.targets().ofClasses();
  }

  @Test
  void laneBatchesLongerThanAWindowWork() {
    SampleOrder fine = new SampleOrder(dataset.blockSamples(), 2, 50, 7, 9);
    TrainingSpan span = new TrainingSpan(0, 3, fine.stepsPerEpoch(), 1, 2);
    try (TrainingBatches batches =
        new TrainingBatches(dataset, fine, input, span, new ReadAhead(1, 2))) {
      LaneBatch batch = batches.next();
      assertThat(batch.sampleIds()).isEqualTo(Arrays.copyOfRange(fine.sampleIds(0, 1), 150, 200));
    }
  }

  @Test
  void startingInTheMiddleReadsNothingBefore() throws IOException {
    List<ShuffleWindow> windows = order.windows(0, 0);
    ShuffleWindow last = windows.get(windows.size() - 1);
    long firstStep = last.firstPosition() / LANE_BATCH + 1;
    // Only the shards of the last window are left.
    List<String> needed =
        last.ranges().stream().map(range -> shardOf(range.block())).distinct().toList();
    int deleted = 0;
    for (var shard : dataset.split().shards()) {
      if (!needed.contains(shard.path())) {
        Files.delete(folder.resolve(shard.path()));
        deleted++;
      }
    }
    assertThat(deleted).isPositive();
    assertThat(all(span(0, firstStep, order.stepsPerEpoch(), 0, 1), 1, 4))
        .hasSize((int) (order.stepsPerEpoch() - firstStep));
    assertThatThrownBy(() -> all(span(0, 0, order.stepsPerEpoch(), 0, 1), 1, 4))
        .isInstanceOf(BellowsException.class)
        .hasMessageEndingWith(" is missing");
  }

  @Test
  void failuresOfThreadsComeOutOfNext() throws IOException {
    Path shard = folder.resolve("shards/train-00000.parquet");
    Files.delete(folder.resolve("shards/.train-00000.parquet.crc"));
    Files.write(shard, new byte[1000]);
    try (TrainingBatches batches = open(span(0, 0, order.stepsPerEpoch(), 0, LANES), 2, 2)) {
      assertThatThrownBy(
              () -> {
                while (batches.next() != null) {}
              })
          .isInstanceOf(BellowsException.class)
          .hasMessageStartingWith("shard file:" + shard + " has 1000 bytes, the manifest says ");
      assertThat(batches.next()).isNull();
    }
  }

  @Test
  void closingEarlyEndsTheThreads() {
    long before = bellowsThreads();
    long start = System.nanoTime();
    for (int i = 0; i < 20; i++) {
      try (TrainingBatches batches = open(span(0, 0, order.stepsPerEpoch(), 0, LANES), 3, 2)) {
        if (i % 2 == 0) {
          assertThat(batches.next()).isNotNull();
        }
      }
    }
    assertThat((System.nanoTime() - start) / 1e9).isLessThan(10);
    assertThat(bellowsThreads()).isEqualTo(before);
  }

  @Test
  void emptySpansEndAtOnce() {
    assertThat(all(span(0, 5, 5, 0, LANES), 1, 1)).isEmpty();
    assertThat(all(span(0, 0, 5, 1, 1), 1, 1)).isEmpty();
    assertThatThrownBy(() -> open(span(0, 0, 1, 0, 4), 1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith("but there are 3 lanes");
  }

  private static long bellowsThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("bellows-"))
        .count();
  }

  private String shardOf(int block) {
    int left = block;
    for (var shard : dataset.split().shards()) {
      if (left < shard.blockSamples().size()) {
        return shard.path();
      }
      left -= shard.blockSamples().size();
    }
    throw new IllegalArgumentException("block " + block);
  }

  private static TrainingSpan span(
      int epoch, long firstStep, long endStep, int firstLane, int endLane) {
    return new TrainingSpan(epoch, firstStep, endStep, firstLane, endLane);
  }

  private TrainingBatches open(TrainingSpan span, int threads, int prefetch) {
    return new TrainingBatches(dataset, order, input, span, new ReadAhead(threads, prefetch));
  }

  private List<LaneBatch> all(TrainingSpan span, int threads, int prefetch) {
    List<LaneBatch> all = new ArrayList<>();
    try (TrainingBatches batches = open(span, threads, prefetch)) {
      for (LaneBatch batch = batches.next(); batch != null; batch = batches.next()) {
        all.add(batch);
      }
      assertThat(batches.next()).isNull();
    }
    return all;
  }

  private static Map<String, LaneBatch> byPlace(List<LaneBatch> batches) {
    Map<String, LaneBatch> byPlace = new TreeMap<>();
    batches.forEach(batch -> byPlace.put(batch.step() + "/" + batch.lane(), batch));
    return byPlace;
  }

  private static Map<String, float[]> pixels(List<LaneBatch> batches) {
    Map<String, float[]> pixels = new TreeMap<>();
    batches.forEach(batch -> pixels.put(batch.step() + "/" + batch.lane(), batch.pixels()));
    return pixels;
  }
}
