// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A zombie: an executor of an old attempt that was cut off, and lives on. */
class WriteFenceTest {
  private static final WriteFence.Attempt OLD = new WriteFence.Attempt("0123456789abcdef", 1);
  private static final WriteFence.Attempt NEW = new WriteFence.Attempt("0123456789abcdef", 2);

  @TempDir Path folder;

  private CheckpointStore store(WriteFence.Attempt attempt) {
    return new CheckpointStore(new Configuration(), folder.toString(), attempt);
  }

  private static Checkpoint checkpoint(long step) {
    return new Checkpoint(
        new TrainingState(TrainingState.FORMAT_VERSION, step, step, "", Map.of(), Map.of()),
        new float[] {1, 2, 3},
        List.of(new float[] {4, 5, 6}));
  }

  private static void isTurnedAway(Runnable writing, String who) {
    assertThatThrownBy(writing::run)
        .isInstanceOf(BellowsException.class)
        .hasMessageMatching(
            "attempt 1 of job 0123456789abcdef may not write below \\S+ any more: " + who + " may")
        .extracting(e -> ((BellowsException) e).category())
        .isEqualTo(ErrorCategory.INFRASTRUCTURE);
  }

  @Test
  void cannotWriteAndCannotRemoveWhatTheNewAttemptGoesOnFrom() {
    CheckpointStore zombie = store(OLD);
    zombie.begin(OLD);
    zombie.write(checkpoint(4));
    zombie.write(checkpoint(8));
    store(NEW).begin(NEW);
    isTurnedAway(() -> zombie.write(checkpoint(12)), "attempt 2 of job 0123456789abcdef");
    isTurnedAway(() -> zombie.keepLast(1, 12), "attempt 2 of job 0123456789abcdef");
    assertThat(zombie.steps()).containsExactly(8L, 4L);
    store(NEW).write(checkpoint(12));
    store(NEW).keepLast(1, 12);
    assertThat(zombie.steps()).containsExactly(12L);
  }

  @Test
  void cannotWriteWhereNobodyOrNobodyKnowsWhoMay() throws IOException {
    isTurnedAway(() -> store(OLD).write(checkpoint(4)), "nobody");
    store(OLD).begin(OLD);
    assertThat(store(OLD).turn()).contains(OLD);
    Files.delete(folder.resolve(".attempt.json.crc"));
    Files.writeString(folder.resolve("attempt.json"), "{\"job\": ");
    isTurnedAway(() -> store(OLD).write(checkpoint(4)), "nobody");
  }
}
