// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.watch;

import java.util.ArrayList;
import java.util.List;
import org.bellows.worker.metrics.StepMetrics;

/**
 * The steps of a run, thinned so that a long run takes no more memory than a short one: when it
 * holds too many, every second one goes, and from then on half as many are taken. Not thread-safe.
 */
final class StepCurve {
  private final int limit;
  private List<StepMetrics> steps = new ArrayList<>();
  private long stride = 1;
  private long next;

  /**
   * @param limit of steps that are held
   */
  StepCurve(int limit) {
    this.limit = limit;
  }

  /** One of so many steps is held. */
  long stride() {
    return stride;
  }

  /** Forgets steps from this one on. */
  void rewindTo(long step) {
    steps.removeIf(held -> held.step() >= step);
    next = step;
  }

  /** A step that is not after all others is known already and skipped. */
  void add(StepMetrics step) {
    if (step.step() < next) {
      return;
    }
    next = step.step() + 1;
    if (step.step() % stride == 0) {
      steps.add(step);
    }
    while (steps.size() > limit) {
      stride *= 2;
      steps.removeIf(held -> held.step() % stride != 0);
    }
  }

  List<StepMetrics> steps() {
    return List.copyOf(steps);
  }
}
