package org.bellows.worker.engine;

/** Hears when each call of a pass is done. */
@FunctionalInterface
interface CallClock {
  CallClock NONE = call -> {};

  void done(Call call);
}
