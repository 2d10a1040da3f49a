package org.bellows.worker.engine;

/** Hears when each call of a pass is done. */
@FunctionalInterface
interface StepClockwork {
  StepClockwork NONE = call -> {};

  void done(Call call);
}
