// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.plan;

import java.util.List;
import java.util.function.IntConsumer;

/** A compiled forward pass, and a backward one if it is for training. */
public final class Plan implements AutoCloseable {
  private final OneDnn oneDnn;
  private final FlatVectors vectors;
  private final Tensor input;
  private final Calls calls;
  private final long bytes;
  private final Runnable destructor;
  private long parameterVersion = -1;

  /**
   * @param parameters brings changed parameters into the plan's layouts
   * @param pass all the rest, in order
   * @param finalFrom by call of the pass: the first element of what is final of the flat gradient
   */
  record Calls(List<Instruction> parameters, List<Instruction> pass, int[] finalFrom) {}

  /**
   * @param input where the pixels go
   * @param bytes of native memory that it holds
   */
  Plan(
      OneDnn oneDnn,
      FlatVectors vectors,
      Tensor input,
      Calls calls,
      long bytes,
      Runnable destructor) {
    this.oneDnn = oneDnn;
    this.vectors = vectors;
    this.input = input;
    this.calls = calls;
    this.bytes = bytes;
    this.destructor = destructor;
  }

  Calls calls() {
    return calls;
  }

  public long bytes() {
    return bytes;
  }

  /**
   * @param pixels [n, channels, height, width]
   * @param clock is called after each call
   */
  public void run(float[] pixels, StepContext context, InstructionClock clock) {
    begin(pixels, context, clock);
    run(calls.pass(), context, clock);
  }

  /**
   * Likewise, forward and backward.
   *
   * @param isFinal is told the first element of what is final of the flat gradient whenever that is
   *     more than before; 0 at the end
   */
  public void runTold(float[] pixels, StepContext context, IntConsumer isFinal) {
    begin(pixels, context, InstructionClock.NONE);
    int from = vectors.length();
    for (int i = 0; i < calls.pass().size(); i++) {
      calls.pass().get(i).run(oneDnn, context);
      if (calls.finalFrom()[i] < from) {
        from = calls.finalFrom()[i];
        isFinal.accept(from);
      }
    }
  }

  private void begin(float[] pixels, StepContext context, InstructionClock clock) {
    if (parameterVersion != vectors.version()) {
      run(calls.parameters(), context, clock);
      parameterVersion = vectors.version();
    }
    if (pixels.length > input.elements()) {
      // Native memory behind the input's is another array's.
      throw new IllegalArgumentException(
          "%d pixels for an input of %d".formatted(pixels.length, input.elements()));
    }
    input.floats(pixels.length).put(pixels);
  }

  private void run(List<Instruction> list, StepContext context, InstructionClock clock) {
    for (int i = 0; i < list.size(); i++) {
      Instruction instruction = list.get(i);
      instruction.run(oneDnn, context);
      clock.done(instruction);
    }
  }

  @Override
  public void close() {
    destructor.run();
  }
}
