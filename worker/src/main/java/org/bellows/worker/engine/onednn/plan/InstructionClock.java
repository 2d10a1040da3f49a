package org.bellows.worker.engine.onednn.plan;

/** Hears when each call of a pass is done. */
@FunctionalInterface
public interface InstructionClock {
  InstructionClock NONE = instruction -> {};

  void done(Instruction instruction);
}
