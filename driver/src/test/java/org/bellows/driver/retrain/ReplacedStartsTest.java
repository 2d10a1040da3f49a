// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.retrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.bellows.conf.BellowsException;
import org.bellows.data.storage.lease.Fence;
import org.bellows.data.storage.lease.Lease;
import org.bellows.data.storage.lease.LeaseTerms;
import org.bellows.data.storage.lease.LostLeaseException;
import org.bellows.driver.registry.ModelRegistry;
import org.bellows.driver.registry.RegisteredModel;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Starts that were paused while another took over, and wake up. */
@Tag("integration")
class ReplacedStartsTest extends RetrainingFixture {
  private static final LeaseTerms TERMS = LeaseTerms.refusing(Duration.ofMinutes(1));

  /** Of a start that publishes and promotes. */
  private static final int LASTING_STEPS = 6;

  /** Before its n-th step that is to last another start takes over and comes to its end. */
  private final class Late implements Fence {
    private final Fence fence;
    private final Runnable other;
    private int stepsLeft;

    Late(Fence fence, int steps, Runnable other) {
      this.fence = fence;
      this.stepsLeft = steps;
      this.other = other;
    }

    private Fence step() {
      if (--stepsLeft == 0) {
        other.run();
      }
      return fence;
    }

    @Override
    public void requireHeld() {
      step().requireHeld();
    }

    @Override
    public boolean create(org.apache.hadoop.fs.Path file, byte[] content) {
      return step().create(file, content);
    }

    @Override
    public void replace(org.apache.hadoop.fs.Path file, byte[] content) {
      step().replace(file, content);
    }

    @Override
    public boolean move(org.apache.hadoop.fs.Path from, org.apache.hadoop.fs.Path to) {
      return step().move(from, to);
    }
  }

  /**
   * At each of its steps in turn a start looks, still has the lease, sleeps until another one has
   * taken over and come to the end, and goes on: the worst, which no lease can prevent on a file
   * system without atomic renames.
   */
  @Test
  void aStartThatWakesUpTooLateChangesNothing() {
    for (int step = 0; step <= LASTING_STEPS; step++) {
      String name = "late-" + step;
      RegisteredModel model = model(name);
      night(model, 100);
      Runnable other = () -> night(model(name), 200);
      TinyWork work = new TinyWork(hadoop, 200);
      if (step == 0) {
        work.meanwhile(other);
      }
      try {
        start(model, work, new Late(none, step, other));
      } catch (BellowsException e) {
        assertThat(e)
            .hasMessageMatching(
                ".*(was begun by another start at this moment|became so meanwhile).*");
      }
      assertOneNightEach(model, "step " + step);
    }
  }

  /** With leases, on the local disk: it ends there, and everything is the other start's. */
  @Test
  void aStartThatWasReplacedIsFencedOff() {
    for (int step = 1; step <= LASTING_STEPS; step++) {
      RegisteredModel model = new ModelRegistry(hadoop, folder + "/fenced").model("step-" + step);
      start(model, new TinyWork(hadoop, 100), none);
      Lease paused = Lease.take(hadoop, model.lease(), TERMS);
      Runnable other =
          () -> {
            silence(model);
            try (Lease next = Lease.take(hadoop, model.lease(), TERMS)) {
              start(model, new TinyWork(hadoop, 200), next);
            }
          };
      Late late = new Late(paused, step, other);
      assertThatThrownBy(() -> start(model, new TinyWork(hadoop, 200), late))
          .as("step " + step)
          .isInstanceOf(LostLeaseException.class);
      assertOneNightEach(model, "step " + step);
      paused.close();
    }
  }

  /** As if the first holder had been paused since yesterday. */
  private void silence(RegisteredModel model) {
    try {
      Files.setLastModifiedTime(
          Path.of(model.lease().toUri()).resolve("1.json"),
          FileTime.from(Instant.now().minus(Duration.ofDays(1))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void assertOneNightEach(RegisteredModel model, String where) {
    assertThat(model.versions()).as(where).containsExactly(1, 2);
    assertThat(model.pointer().all()).as(where).hasSize(2);
    assertThat(history(model).decisions())
        .extracting(Decision::outcome)
        .as(where)
        .containsExactly(Decision.Outcome.PROMOTED, Decision.Outcome.PROMOTED);
  }
}
