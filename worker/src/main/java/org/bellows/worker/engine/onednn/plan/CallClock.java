package org.bellows.worker.engine.onednn.plan;

/** Hears when each call of a pass is done. */
@FunctionalInterface
public interface CallClock {
  CallClock NONE = call -> {};

  void done(Call call);
}
