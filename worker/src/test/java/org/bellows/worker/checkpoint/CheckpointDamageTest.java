// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.bellows.testing.FullDisk;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever happens to the newest checkpoint's files: it is used unchanged, or not at all. */
@Tag("integration")
@Timeout(120)
class CheckpointDamageTest {
  @TempDir Path run;

  private final List<String> passedOver = new ArrayList<>();
  private CheckpointStore store;

  @BeforeEach
  void writeTwo() {
    store = new CheckpointStore(withoutChecksums(), run.toString());
    store.write(checkpoint(20));
    store.write(checkpoint(30));
  }

  /** Hadoop's own checksums would find the damage before we do. */
  private static Configuration withoutChecksums() {
    Configuration configuration = new Configuration();
    configuration.setClass("fs.file.impl", RawLocalFileSystem.class, FileSystem.class);
    configuration.setBoolean("fs.file.impl.disable.cache", true);
    return configuration;
  }

  private static Checkpoint checkpoint(long step) {
    return new Checkpoint(
        new TrainingState(
            1, step, step * 64, "sha", Map.of("train.seed", "1"), Map.of("java", "17")),
        new float[] {step, 1.5f, -2},
        List.of(new float[] {step + 1, 0, 7}));
  }

  private Path file(String name) {
    return run.resolve("checkpoints/step-000000030/" + name);
  }

  private void unchangedOrPassedOver(String what) {
    passedOver.clear();
    Checkpoint read = store.newest(passedOver::add).orElseThrow();
    long step = read.state().step();
    assertThat(read.state()).as(what).isEqualTo(checkpoint(step).state());
    assertThat(read.parameters()).as(what).isEqualTo(checkpoint(step).parameters());
    assertThat(read.optimizer().get(0)).as(what).isEqualTo(checkpoint(step).optimizer().get(0));
    if (step == 20) {
      assertThat(passedOver).as(what).hasSize(1);
      assertThat(passedOver.get(0)).startsWith("passed over the checkpoint of step 30: ");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"parameters.bin", "optimizer.bin", "state.json", "MANIFEST.json"})
  void aFlippedBitAnywhere(String name) throws IOException {
    byte[] good = Files.readAllBytes(file(name));
    for (int i = 0; i < good.length; i++) {
      byte[] bytes = good.clone();
      bytes[i] ^= (byte) (1 << (i % 8));
      Files.write(file(name), bytes);
      unchangedOrPassedOver("byte " + i);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"parameters.bin", "optimizer.bin", "state.json", "MANIFEST.json"})
  void cutOffAnywhere(String name) throws IOException {
    byte[] good = Files.readAllBytes(file(name));
    for (int length = 0; length < good.length; length++) {
      Files.write(file(name), Arrays.copyOf(good, length));
      unchangedOrPassedOver(length + " bytes");
      assertThat(passedOver).as(length + " bytes").isNotEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "[]",
        "{\"formatVersion\":1,\"files\":{\"../step-000000020/state.json\":{\"bytes\":1,\"sha256\":\"\"}}}",
        "{\"formatVersion\":1,\"files\":{\"a:b\":{\"bytes\":1,\"sha256\":\"\"}}}",
        "{\"formatVersion\":1,\"files\":{\"state.json\":null}}",
        "{\"formatVersion\":2,\"files\":{}}",
        "{\"formatVersion\":1,\"files\":{}}"
      })
  void aManifestThatSomebodyMadeUp(String manifest) throws IOException {
    Files.writeString(file("MANIFEST.json"), manifest);
    unchangedOrPassedOver(manifest);
    assertThat(passedOver).hasSize(1);
  }

  @Test
  void aFullDiskNeverLeavesHalfACheckpoint() throws IOException {
    Path disk = Files.createDirectory(run.resolve("disk"));
    String path = "full:" + disk;
    new CheckpointStore(FullDisk.withRoom(1 << 20), path).write(checkpoint(20));
    int failed = 0;
    for (int room = 0; room < 2000; room += 50) {
      CheckpointStore full = new CheckpointStore(FullDisk.withRoom(room), path);
      try {
        full.write(checkpoint(30));
      } catch (BellowsException e) {
        failed++;
        assertThat(e.category()).isEqualTo(ErrorCategory.INFRASTRUCTURE);
        assertThat(e)
            .hasMessage(
                "writing full:%s/checkpoints/step-000000030 failed: the disk is full"
                    .formatted(disk));
        assertThat(full.newest(passedOver::add).orElseThrow().state().step()).isEqualTo(20);
        try (var left = Files.list(disk.resolve("checkpoints"))) {
          assertThat(left).hasSize(1);
        }
        continue;
      }
      assertThat(full.newest(passedOver::add).orElseThrow().state().step()).isEqualTo(30);
      break;
    }
    assertThat(failed).isGreaterThan(10);
    assertThat(passedOver).isEmpty();
  }

  /** A zombie of an old attempt and the new one come to the same step at the same time. */
  @Test
  void twoWritersAtOnce() {
    for (int round = 0; round < 50; round++) {
      long step = 31L + round / 10;
      CompletableFuture<Boolean> other = CompletableFuture.supplyAsync(() -> writes(step));
      boolean mine = writes(step);
      boolean theirs = other.join();
      assertThat(mine || theirs).isTrue();
      passedOver.clear();
      Checkpoint newest = store.newest(passedOver::add).orElseThrow();
      assertThat(newest.state().step()).isEqualTo(step);
      assertThat(newest.parameters()).isEqualTo(checkpoint(step).parameters());
    }
    store.removeLeftovers();
    assertThat(run.resolve("checkpoints").toFile().list())
        .allMatch(name -> name.startsWith("step-"));
    assertThat(store.steps()).hasSize(2 + 5);
  }

  /** Whether it says that it wrote; if not, it says why. */
  private boolean writes(long step) {
    try {
      new CheckpointStore(withoutChecksums(), run.toString()).write(checkpoint(step));
      return true;
    } catch (BellowsException e) {
      assertThat(e.category()).isIn(ErrorCategory.INFRASTRUCTURE, ErrorCategory.DATA);
      assertThat(e).hasMessageContaining("writing ");
      return false;
    }
  }

  @Test
  void whatIsNotFiniteIsNotWritten() {
    for (int where = 0; where < 2; where++) {
      Checkpoint broken = checkpoint(40);
      (where == 0 ? broken.parameters() : broken.optimizer().get(0))[1] = Float.NaN;
      assertThatThrownBy(() -> store.write(broken))
          .isInstanceOfSatisfying(
              BellowsException.class,
              e -> assertThat(e.category()).isEqualTo(ErrorCategory.INTERNAL))
          .hasMessage(
              (where == 0 ? "parameter" : "optimizer state")
                  + " 1 is NaN after step 40: the run diverged; the checkpoint before it is kept"
                  + " and no new one is written; lower schedule.base-lr or lengthen the warmup");
    }
    assertThat(store.steps()).containsExactly(30L, 20L);
  }

  @Test
  void theBestAreSparedUntilBetterOnesCome() {
    store.markBest(20, 0.7, 1);
    store.write(checkpoint(40));
    store.keepLast(1, 40);
    assertThat(store.steps()).containsExactly(40L, 20L);
    store.markBest(40, 0.7, 1);
    assertThat(store.bestSteps()).containsExactly(20L);
    store.write(checkpoint(50));
    store.markBest(50, 0.8, 1);
    store.keepLast(1, 50);
    assertThat(store.steps()).containsExactly(50L);
    store.write(checkpoint(55));
    store.markBest(55, Double.NaN, 1);
    store.markBest(55, Double.POSITIVE_INFINITY, 2);
    assertThat(store.bestSteps()).containsExactly(50L);
    store.write(checkpoint(60));
    store.markBest(60, 0.1, 2);
    store.keepLast(1, 60);
    assertThat(store.steps()).containsExactly(60L, 50L);
    assertThat(new CheckpointStore(withoutChecksums(), run.toString()).bestSteps())
        .containsExactly(50L, 60L);
    store.markBest(50, Double.NaN, 2);
    assertThat(store.bestSteps()).as("taken back").containsExactly(60L);
  }
}
