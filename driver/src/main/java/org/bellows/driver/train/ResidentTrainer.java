// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.train;

import java.util.concurrent.atomic.AtomicReference;
import org.bellows.driver.spark.BellowsPlugin;
import org.bellows.worker.collective.transport.Session;
import org.bellows.worker.train.Trainer;

/**
 * The trainer that lives in this executor between segments. Spark gives a task no place to leave
 * something for the next one, so it hangs on a static, of which there is this one.
 */
public final class ResidentTrainer {
  private static final AtomicReference<ResidentTrainer> CURRENT = new AtomicReference<>();

  private final Session session;
  private final Trainer trainer;

  private ResidentTrainer(Session session, Trainer trainer) {
    this.session = session;
    this.trainer = trainer;
  }

  /** The trainer, if it is of this attempt and at this step; else null. */
  static Trainer find(Segment segment) {
    ResidentTrainer resident = CURRENT.get();
    boolean fits =
        resident != null
            && resident.session.equals(segment.session())
            && resident.trainer.step() == segment.from();
    return fits ? resident.trainer : null;
  }

  static void keep(Segment segment, Trainer trainer) {
    discardExcept(trainer);
    BellowsPlugin.atShutdown(ResidentTrainer::discard);
    CURRENT.set(new ResidentTrainer(segment.session(), trainer));
  }

  /** Closes existing connections and native memory. */
  public static void discard() {
    discardExcept(null);
  }

  private static void discardExcept(Trainer kept) {
    ResidentTrainer old = CURRENT.getAndSet(null);
    if (old != null && old.trainer != kept) {
      old.trainer.close();
    }
  }
}
