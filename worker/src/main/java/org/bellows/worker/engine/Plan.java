package org.bellows.worker.engine;

import java.util.List;

/** A compiled forward pass, and a backward one if it is for training. */
final class Plan implements AutoCloseable {
  private final OneDnn oneDnn;
  private final FlatVectors vectors;
  private final Tensor input;
  private final Calls calls;
  private final Runnable destructor;
  private long parameterVersion = -1;

  /**
   * @param parameters brings changed parameters into the plan's layouts
   * @param all one pass
   * @param forward how many of them are the forward pass
   */
  record Calls(List<Call> parameters, List<Call> all, int forward) {}

  Plan(OneDnn oneDnn, FlatVectors vectors, Tensor input, Calls calls, Runnable destructor) {
    this.oneDnn = oneDnn;
    this.vectors = vectors;
    this.input = input;
    this.calls = calls;
    this.destructor = destructor;
  }

  Calls calls() {
    return calls;
  }

  /**
   * @param pixels [n, channels, height, width]
   * @param clock told of each call
   */
  void run(float[] pixels, Pass pass, StepClockwork clock) {
    if (parameterVersion != vectors.version()) {
      run(calls.parameters(), pass, clock);
      parameterVersion = vectors.version();
    }
    input.floats(pixels.length).put(pixels);
    run(calls.all(), pass, clock);
  }

  private void run(List<Call> list, Pass pass, StepClockwork clock) {
    for (int i = 0; i < list.size(); i++) {
      Call call = list.get(i);
      call.run(oneDnn, pass);
      clock.done(call);
    }
  }

  @Override
  public void close() {
    destructor.run();
  }
}
