package org.bellows.worker.engine.onednn.plan;

import java.util.List;

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
   */
  record Calls(List<Call> parameters, List<Call> pass) {}

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
   * @param clock told of each call
   */
  public void run(float[] pixels, Pass pass, CallClock clock) {
    if (parameterVersion != vectors.version()) {
      run(calls.parameters(), pass, clock);
      parameterVersion = vectors.version();
    }
    input.floats(pixels.length).put(pixels);
    run(calls.pass(), pass, clock);
  }

  private void run(List<Call> list, Pass pass, CallClock clock) {
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
