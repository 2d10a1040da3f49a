// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.watch;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.bellows.worker.collective.Communicator;
import org.bellows.worker.train.RankListener;
import org.bellows.worker.train.StepListener;
import org.bellows.worker.train.TrainingPlan;

/** Holds a run of this process after a step, so that one can look at it. */
public final class HeldRank implements RankListener {
  private static final long PATIENCE_SECONDS = 60;
  private static final AtomicReference<Gate> GATE = new AtomicReference<>();

  /** Closed once, when the step is done, until it is opened. */
  static final class Gate {
    private final long step;
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch opened = new CountDownLatch(1);

    private Gate(long step) {
      this.step = step;
    }

    boolean awaitHeld() throws InterruptedException {
      return reached.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    void open() {
      opened.countDown();
    }
  }

  /** The next run that does this step waits after it. */
  static Gate holdAfter(long step) {
    Gate gate = new Gate(step);
    GATE.set(gate);
    return gate;
  }

  @Override
  public StepListener beginSegment(TrainingPlan plan, Communicator communicator) {
    return metrics -> {
      Gate gate = GATE.get();
      if (gate != null && metrics.step() == gate.step) {
        gate.reached.countDown();
        awaitOpened(gate);
      }
    };
  }

  private static void awaitOpened(Gate gate) {
    try {
      if (!gate.opened.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException("nobody let the run go on after step " + gate.step);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
