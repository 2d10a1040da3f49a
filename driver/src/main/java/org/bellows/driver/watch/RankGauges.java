// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.watch;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.bellows.worker.metrics.StepMetrics;

/**
 * The rank that an executor hosts, as gauges of that executor, {@code rank.*}: its newest step and
 * its memory. docs/watching.md lists them.
 */
public final class RankGauges {
  private RankGauges() {}

  /**
   * @param step the newest one of this rank, null before the first
   * @param memory of this process, now
   */
  public static void register(
      MetricRegistry registry, Supplier<StepMetrics> step, Supplier<ExecutorMemoryUsage> memory) {
    figure(registry, "step", step, newest -> newest.step() + 1.0);
    figure(registry, "loss", step, StepMetrics::loss);
    figure(registry, "learning_rate", step, StepMetrics::learningRate);
    figure(registry, "images_per_second", step, newest -> newest.images() / newest.seconds());
    figure(registry, "data_wait_share", step, s -> s.dataWaitSeconds() / s.seconds());
    figure(registry, "compute_share", step, s -> s.computeSeconds() / s.seconds());
    figure(registry, "collective_share", step, s -> s.collectiveSeconds() / s.seconds());
    figure(registry, "hidden_share", step, s -> s.hiddenSeconds() / s.seconds());
    bytes(registry, "heap_bytes", memory, ExecutorMemoryUsage::heap);
    bytes(registry, "heap_limit_bytes", memory, ExecutorMemoryUsage::heapLimit);
    bytes(registry, "off_heap_bytes", memory, ExecutorMemoryUsage::offHeap);
    bytes(registry, "resident_bytes", memory, ExecutorMemoryUsage::resident);
  }

  private static void figure(
      MetricRegistry registry,
      String name,
      Supplier<StepMetrics> step,
      ToDoubleFunction<StepMetrics> value) {
    registry.register(
        MetricRegistry.name("rank", name),
        (Gauge<Double>)
            () -> {
              StepMetrics newest = step.get();
              return newest == null ? Double.NaN : value.applyAsDouble(newest);
            });
  }

  private static void bytes(
      MetricRegistry registry,
      String name,
      Supplier<ExecutorMemoryUsage> memory,
      ToLongFunction<ExecutorMemoryUsage> value) {
    registry.register(
        MetricRegistry.name("rank", name), (Gauge<Long>) () -> value.applyAsLong(memory.get()));
  }
}
