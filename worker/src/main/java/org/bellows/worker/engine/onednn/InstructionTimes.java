// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.bellows.worker.engine.StepProfile;
import org.bellows.worker.engine.onednn.plan.Instruction;
import org.bellows.worker.engine.onednn.plan.InstructionClock;

/** Adds up the time of each call of a plan, over several passes. */
final class InstructionTimes implements InstructionClock {
  private final Map<Instruction, long[]> nanos = new LinkedHashMap<>();
  private long last;

  /** The next call begins now. */
  void begin() {
    last = System.nanoTime();
  }

  @Override
  public void done(Instruction instruction) {
    long now = System.nanoTime();
    nanos.computeIfAbsent(instruction, c -> new long[1])[0] += now - last;
    last = now;
  }

  /**
   * @param samples of a pass
   * @param pass calls {@link #begin} before its first call
   */
  static StepProfile profile(int samples, int rounds, Consumer<InstructionTimes> pass) {
    // Else the first call would be charged with what Java needs to get the clock going.
    pass.accept(new InstructionTimes());
    InstructionTimes times = new InstructionTimes();
    long begin = System.nanoTime();
    for (int round = 0; round < rounds; round++) {
      pass.accept(times);
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    List<StepProfile.Line> lines = new ArrayList<>();
    times.nanos.forEach((instruction, sum) -> lines.add(line(instruction, sum[0] / 1e3 / rounds)));
    return new StepProfile(samples * rounds / seconds, lines);
  }

  private static StepProfile.Line line(Instruction instruction, double microseconds) {
    String phase = instruction.place().phase().name().toLowerCase(Locale.ROOT);
    return new StepProfile.Line(
        instruction.place().vertex(), phase, instruction.what(), microseconds);
  }
}
