// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn;

import java.util.Locale;
import org.bellows.worker.engine.PassTimes;
import org.bellows.worker.engine.StepProfile;
import org.bellows.worker.engine.onednn.plan.Instruction;
import org.bellows.worker.engine.onednn.plan.InstructionClock;

/** Adds up the time of each call of a plan, over several passes. */
final class InstructionTimes extends PassTimes<Instruction> implements InstructionClock {
  @Override
  protected StepProfile.Line line(Instruction instruction, double microseconds) {
    String phase = instruction.place().phase().name().toLowerCase(Locale.ROOT);
    return new StepProfile.Line(
        instruction.place().vertex(), phase, instruction.what(), microseconds);
  }
}
