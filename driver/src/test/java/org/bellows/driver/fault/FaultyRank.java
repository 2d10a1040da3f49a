// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.fault;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.bellows.driver.fault.Fault.Moment;
import org.bellows.worker.collective.Communicator;
import org.bellows.worker.train.RankListener;
import org.bellows.worker.train.StepListener;
import org.bellows.worker.train.TrainingPlan;

/** Fails after steps, as the schedule says. */
public final class FaultyRank implements RankListener {
  /** Whose process this is, for the file system, which Hadoop makes. */
  private static final AtomicInteger RANK = new AtomicInteger(-1);

  private static final AtomicLong STEP = new AtomicLong(-1);

  /** Of the last segment: an attempt has its own. */
  private static final AtomicReference<Communicator> LAST = new AtomicReference<>();

  /** Of this process; -1 before the first. */
  static long lastStep() {
    return STEP.get();
  }

  /** -1 before the first segment. */
  static int rank() {
    return RANK.get();
  }

  @Override
  public StepListener beginSegment(TrainingPlan plan, Communicator communicator) {
    Optional<FaultSchedule> here = FaultSchedule.here();
    if (here.isEmpty()) {
      return metrics -> {};
    }
    FaultSchedule folder = here.get();
    RANK.set(communicator.rank());
    boolean isNew = LAST.getAndSet(communicator) != communicator;
    folder.note(
        communicator.rank(),
        "begins %s, sends by %s"
            .formatted(isNew ? "anew" : "again", SocketFaults.channels(communicator)));
    List<Fault> faults =
        folder.faults().stream()
            .filter(f -> f.moment() == Moment.AFTER_STEP && f.rank() == communicator.rank())
            .toList();
    return metrics -> {
      STEP.set(metrics.step());
      folder.note(communicator.rank(), "step " + metrics.step());
      for (Fault fault : faults) {
        if (fault.step() == metrics.step() && folder.claim(fault)) {
          new FaultInjector(folder, fault).inSegment(plan, communicator);
        }
      }
    };
  }
}
