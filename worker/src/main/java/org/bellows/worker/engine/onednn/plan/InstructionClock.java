// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.plan;

/** Called when an instruction of a pass is done. */
@FunctionalInterface
public interface InstructionClock {
  InstructionClock NONE = instruction -> {};

  void done(Instruction instruction);
}
