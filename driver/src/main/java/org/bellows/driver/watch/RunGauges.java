// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.watch;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.MetricRegistry;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.function.ToLongFunction;
import org.bellows.driver.report.EpochEvaluation;
import org.bellows.driver.report.ExecutorChange;
import org.bellows.worker.evaluate.metric.Metric;
import org.bellows.worker.evaluate.metric.Metrics;

/**
 * The run as gauges of the driver, {@code run.*}; docs/watching.md lists them. Numbers in every
 * case: NaN, or 0 of what is counted, where nothing is known.
 */
public final class RunGauges {
  private final MetricRegistry registry;
  private final Supplier<Optional<LiveRun>> run;

  private RunGauges(MetricRegistry registry, Supplier<Optional<LiveRun>> run) {
    this.registry = registry;
    this.run = run;
  }

  /**
   * @param run the current run, or none
   */
  public static void register(MetricRegistry registry, Supplier<Optional<LiveRun>> run) {
    RunGauges gauges = new RunGauges(registry, run);
    gauges.register("active", (Gauge<Integer>) () -> run.get().isPresent() ? 1 : 0);
    gauges.registerPlace();
    gauges.registerFigures();
    gauges.registerMemory();
  }

  private void registerPlace() {
    count("step", RunState::step);
    count("epoch", RunState::epoch);
    register("steps_total", (Gauge<Long>) () -> facts(RunFacts::totalSteps));
    register("epochs_total", (Gauge<Long>) () -> facts(RunFacts::epochs));
    count("attempt", RunState::attempt);
    count("failures", RunState::failures);
    count("executors", RunState::executors);
    count("departures", state -> state.count(ExecutorChange.Kind.LEFT));
    count("arrivals", state -> state.count(ExecutorChange.Kind.JOINED));
    real("pause_seconds", RunState::pauseSeconds);
    figure("seconds_left", RunState.Figures::secondsLeft);
  }

  private void registerFigures() {
    figure("loss", RunState.Figures::loss);
    figure("learning_rate", RunState.Figures::learningRate);
    figure("images_per_second", RunState.Figures::imagesPerSecond);
    figure("data_wait_share", RunState.Figures::dataWaitShare);
    figure("collective_share", RunState.Figures::collectiveShare);
    figure("hidden_share", RunState.Figures::hiddenShare);
    for (Metric metric : Metrics.all()) {
      newest("validation_" + metric.seriesName(), evaluation -> evaluation.value(metric));
    }
  }

  /** The value of the executor that has most. */
  private void registerMemory() {
    count("executor_heap_bytes", state -> most(state, ExecutorMemoryUsage::heap));
    count("executor_heap_limit_bytes", state -> most(state, ExecutorMemoryUsage::heapLimit));
    count("executor_off_heap_bytes", state -> most(state, ExecutorMemoryUsage::offHeap));
    count("executor_resident_bytes", state -> most(state, ExecutorMemoryUsage::resident));
  }

  private void figure(String name, ToDoubleFunction<RunState.Figures> value) {
    real(name, state -> value.applyAsDouble(state.figures()));
  }

  private void newest(String name, ToDoubleFunction<EpochEvaluation> value) {
    real(name, state -> state.newestEvaluation().map(value::applyAsDouble).orElse(Double.NaN));
  }

  private void real(String name, ToDoubleFunction<RunState> value) {
    register(
        name,
        (Gauge<Double>)
            () -> run.get().map(live -> value.applyAsDouble(live.state())).orElse(Double.NaN));
  }

  private void count(String name, ToLongFunction<RunState> value) {
    register(
        name,
        (Gauge<Long>) () -> run.get().map(live -> value.applyAsLong(live.state())).orElse(0L));
  }

  private long facts(ToLongFunction<RunFacts> value) {
    return run.get().map(live -> value.applyAsLong(live.facts())).orElse(0L);
  }

  private void register(String name, Gauge<? extends Number> gauge) {
    registry.register(MetricRegistry.name("run", name), gauge);
  }

  private static long most(RunState state, ToLongFunction<ExecutorMemoryUsage> value) {
    return state.readings().stream().mapToLong(value).max().orElse(0);
  }
}
