package org.bellows.worker.train;

import org.bellows.worker.metrics.StepMetrics;

/** Called at each step while a segment runs; must be quick and must not throw. */
@FunctionalInterface
public interface StepListener {
  void onStep(StepMetrics metrics);
}
