// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.benchmark;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.bellows.worker.files.MayBeNotFinite;

/**
 * Contenders of one process that take turns, so that what else the machine does meets all of them.
 *
 * @param rates by contender, one of each round, in order
 */
public record InterleavedRuns(Map<String, List<Rate>> rates) {

  /**
   * How much was done in a turn.
   *
   * @param perSecond by the wall clock
   * @param perCpuSecond of the process's processor time, which other work on the machine distorts
   *     less; all threads count; not finite where that clock did not move on
   */
  public record Rate(double perSecond, @MayBeNotFinite double perCpuSecond) {}

  /** Does some work. */
  @FunctionalInterface
  public interface Work {
    /**
     * @return how much was done
     */
    double run();
  }

  /**
   * @param rounds how often each has its turn
   */
  public static InterleavedRuns take(Map<String, Work> contenders, int rounds) {
    return take(contenders, rounds, () -> {});
  }

  /**
   * @param rounds how often each has its turn
   * @param before is run before each turn and not counted
   */
  public static InterleavedRuns take(Map<String, Work> contenders, int rounds, Runnable before) {
    Map<String, List<Rate>> rates = new LinkedHashMap<>();
    contenders.keySet().forEach(name -> rates.put(name, new ArrayList<>()));
    for (int round = 0; round < rounds; round++) {
      contenders.forEach(
          (name, work) -> {
            before.run();
            rates.get(name).add(turn(work));
          });
    }
    return new InterleavedRuns(rates);
  }

  private static Rate turn(Work work) {
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    long cpu = system.getProcessCpuTime();
    long begin = System.nanoTime();
    double done = work.run();
    double seconds = (System.nanoTime() - begin) * 1e-9;
    return new Rate(done / seconds, done / ((system.getProcessCpuTime() - cpu) * 1e-9));
  }

  public double median(String contender) {
    return Median.of(values(contender, Rate::perSecond));
  }

  /** Median of the rounds' own ratios of one contender's rate to another's, by the wall clock. */
  public double ratio(String one, String other) {
    return ratio(one, other, Rate::perSecond);
  }

  /** As {@link #ratio(String, String)} by processor time. */
  public double cpuRatio(String one, String other) {
    return ratio(one, other, Rate::perCpuSecond);
  }

  private double ratio(String one, String other, ToDoubleFunction<Rate> clock) {
    double[] ratios = values(one, clock);
    double[] others = values(other, clock);
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] /= others[i];
    }
    return Median.of(ratios);
  }

  private double[] values(String contender, ToDoubleFunction<Rate> clock) {
    return rates.get(contender).stream().mapToDouble(clock).toArray();
  }
}
