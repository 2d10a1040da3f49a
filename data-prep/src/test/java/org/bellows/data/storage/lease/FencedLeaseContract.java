// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.storage.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.fs.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.bellows.conf.BellowsException;
import org.bellows.data.storage.AtomicFile;
import org.bellows.data.storage.ExclusiveCreation;
import org.junit.jupiter.api.Test;

/** What holds besides where a rename is one step, and fails without source or target folder. */
abstract class FencedLeaseContract extends LeaseContract {

  /**
   * The holder looks, still has the lease, and is paused before, in the middle of or after pending
   * what it puts in place: each single call that it still has to make fails, and makes nothing.
   */
  @Test
  void aHolderThatWasPausedAfterItLookedPutsNothingInPlace() throws IOException {
    Lease paused = take();
    Path pending = pending();
    write(target("draft/file"), "draft");
    write(new Path(pending, "entered/file"), "entered");
    paused.requireHeld();
    silence(1);
    try (Lease next = take()) {
      byte[] late = "late".getBytes(StandardCharsets.UTF_8);
      fails(() -> ExclusiveCreation.write(hadoop, target("entry"), late, pending));
      fails(() -> ExclusiveCreation.rename(hadoop, target("draft"), new Path(pending, "draft")));
      fails(() -> ExclusiveCreation.rename(hadoop, new Path(pending, "entered"), target("1")));
      fails(() -> AtomicFile.move(hadoop, new Path(pending, "entered/file"), target("report")));
      assertThat(files().exists(pending)).as("it does not come back").isFalse();
      for (String name : new String[] {"entry", "1", "report"}) {
        assertThat(files().exists(target(name))).as(name).isFalse();
      }
      next.requireHeld();
    }
  }

  private static void fails(ThrowingCallable step) {
    assertThatThrownBy(step).isInstanceOf(BellowsException.class);
  }
}
