// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.bellows.testing.FullDisk;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CheckpointWriterTest {
  @TempDir Path run;

  private static Checkpoint checkpoint(long step) {
    return new Checkpoint(
        new TrainingState(1, step, step, "sha", Map.of(), Map.of()), new float[] {step}, List.of());
  }

  private CheckpointStore store() {
    return new CheckpointStore(new Configuration(), run.toString());
  }

  /** One that is made only when the latch opens. */
  private static Checkpoint after(CountDownLatch latch, long step) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return checkpoint(step);
  }

  @Test
  void stepsGoOnMeanwhileButOnlyOneIsBeingWritten() throws Exception {
    CountDownLatch disk = new CountDownLatch(1);
    try (CheckpointWriter writer = new CheckpointWriter(store(), 2, Duration.ofSeconds(30))) {
      writer.submit(() -> after(disk, 1));
      assertThat(store().steps()).isEmpty();
      CompletableFuture<Void> second =
          CompletableFuture.runAsync(() -> writer.submit(() -> checkpoint(2)));
      assertThatThrownBy(() -> second.get(300, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);
      disk.countDown();
      second.get(30, TimeUnit.SECONDS);
      assertThat(store().steps()).contains(1L);
      writer.submit(() -> checkpoint(3));
      writer.await();
      assertThat(store().steps()).containsExactly(3L, 2L);
      writer.await();
    }
  }

  @Test
  void aFailureIsThrownAtTheNextCallAndOnce() {
    CheckpointStore full = new CheckpointStore(FullDisk.withRoom(10), "full:" + run);
    try (CheckpointWriter writer = new CheckpointWriter(full, 2, Duration.ofSeconds(30))) {
      writer.submit(() -> checkpoint(1));
      assertThatThrownBy(() -> writer.submit(() -> checkpoint(2)))
          .isInstanceOfSatisfying(
              BellowsException.class,
              e -> assertThat(e.category()).isEqualTo(ErrorCategory.INFRASTRUCTURE))
          .hasMessageEndingWith("step-000000001 failed: the disk is full");
      writer.await();
      writer.submit(() -> checkpoint(3));
      assertThatThrownBy(writer::await).hasMessageContaining("step-000000003 failed");
    }
  }

  @Test
  void whatTakesTooLongIsAnError() {
    CountDownLatch disk = new CountDownLatch(1);
    try (CheckpointWriter writer = new CheckpointWriter(store(), 2, Duration.ofSeconds(1))) {
      writer.submit(() -> after(disk, 1));
      assertThatThrownBy(writer::await)
          .hasMessage("a checkpoint was still being written after 1 s (sync.timeout-seconds)");
      disk.countDown();
    }
    // Closing gave it the time that it needed.
    assertThat(store().steps()).containsExactly(1L);
  }
}
