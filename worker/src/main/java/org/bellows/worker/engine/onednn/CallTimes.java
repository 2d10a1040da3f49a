package org.bellows.worker.engine.onednn;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.bellows.worker.engine.StepProfile;
import org.bellows.worker.engine.onednn.plan.Call;
import org.bellows.worker.engine.onednn.plan.CallClock;

/** Adds up the time of each call of a plan, over several passes. */
final class CallTimes implements CallClock {
  private final Map<Call, long[]> nanos = new LinkedHashMap<>();
  private long last;

  /** The next call begins now. */
  void begin() {
    last = System.nanoTime();
  }

  @Override
  public void done(Call call) {
    long now = System.nanoTime();
    nanos.computeIfAbsent(call, c -> new long[1])[0] += now - last;
    last = now;
  }

  /**
   * @param samples of a pass
   * @param pass calls {@link #begin} before its first call
   */
  static StepProfile profile(int samples, int rounds, Consumer<CallTimes> pass) {
    // Else the first call would be charged with what Java needs to get the clock going.
    pass.accept(new CallTimes());
    CallTimes times = new CallTimes();
    long begin = System.nanoTime();
    for (int round = 0; round < rounds; round++) {
      pass.accept(times);
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    List<StepProfile.Line> lines = new ArrayList<>();
    times.nanos.forEach((call, sum) -> lines.add(line(call, sum[0] / 1e3 / rounds)));
    return new StepProfile(samples * rounds / seconds, lines);
  }

  private static StepProfile.Line line(Call call, double microseconds) {
    String phase = call.place().phase().name().toLowerCase(Locale.ROOT);
    return new StepProfile.Line(call.place().vertex(), phase, call.what(), microseconds);
  }
}
