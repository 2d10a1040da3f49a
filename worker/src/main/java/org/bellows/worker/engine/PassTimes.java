// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Adds up the time of each part of a pass, over several passes.
 *
 * @param <P> a part; the same part of another pass is equal
 */
public abstract class PassTimes<P> {
  private static final double NANOS = 1e9;
  private static final double NANOS_A_MICROSECOND = 1e3;

  private final Map<P, long[]> nanos = new LinkedHashMap<>();
  private long last;

  /** The next part begins now. */
  public void begin() {
    last = System.nanoTime();
  }

  /** A part is done, and the next one begins. */
  public void done(P part) {
    long now = System.nanoTime();
    nanos.computeIfAbsent(part, p -> new long[1])[0] += now - last;
    last = now;
  }

  protected abstract StepProfile.Line line(P part, double microseconds);

  /**
   * @param making gives times of nothing
   * @param samples of a pass
   * @param rounds passes; one more comes first and is not counted
   * @param pass calls {@link #begin} before its first part
   */
  public static <T extends PassTimes<?>> StepProfile profile(
      Supplier<T> making, int samples, int rounds, Consumer<T> pass) {
    // Else the first part would be charged with what Java needs to get the clock going.
    pass.accept(making.get());
    T times = making.get();
    long begin = System.nanoTime();
    for (int round = 0; round < rounds; round++) {
      pass.accept(times);
    }
    double seconds = (System.nanoTime() - begin) / NANOS;
    return new StepProfile(samples * rounds / seconds, times.lines(rounds));
  }

  /** One a part, in the order of the first pass. */
  List<StepProfile.Line> lines(int rounds) {
    List<StepProfile.Line> lines = new ArrayList<>();
    nanos.forEach((part, sum) -> lines.add(line(part, sum[0] / NANOS_A_MICROSECOND / rounds)));
    return lines;
  }
}
