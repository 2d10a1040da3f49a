// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.watch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.apache.hadoop.conf.Configuration;
import org.bellows.driver.report.ExecutorChange;
import org.bellows.driver.report.ExecutorChange.Kind;
import org.bellows.driver.report.MetricFixtures;
import org.bellows.driver.run.MetricsLog;
import org.bellows.driver.run.RunFolder;
import org.bellows.driver.watch.RunState.Phase;
import org.bellows.worker.evaluate.metric.Metric;
import org.bellows.worker.evaluate.metric.Metrics;
import org.bellows.worker.metrics.RankMetrics;
import org.bellows.worker.metrics.StepMetrics;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run of two epochs of ten steps. */
class LiveRunTest {
  private static final RunFacts FACTS = facts("lenet5", Metrics.ofSamples());

  @TempDir Path folder;

  private static RunFacts facts(String network, List<Metric> metrics) {
    return new RunFacts(network, "/data", "/run", 2, 20, 4, 8, 3, metrics);
  }

  private MetricsLog log;
  private LiveRun run;

  @BeforeEach
  void open() {
    log = new MetricsLog(RunFolder.of(new Configuration(), folder.toString()));
    run = new LiveRun(FACTS, log);
  }

  private static StepMetrics step(long step, double loss) {
    return new StepMetrics(step, (int) (step / 10), loss, 0.1, 0.5, 32, 0.1, 0.3, 0.05, 0.01);
  }

  private static List<StepMetrics> steps(long from, long to, double loss) {
    return LongStream.range(from, to).mapToObj(step -> step(step, loss)).toList();
  }

  private List<Long> held() {
    return run.steps().stream().map(StepMetrics::step).toList();
  }

  @Test
  void nothingIsKnownBeforeTheFirstStep() {
    RunState state = run.state();
    assertThat(state.phase()).isEqualTo(Phase.WAITING);
    assertThat(state.attempt()).isZero();
    assertThat(state.figures().loss()).isNaN();
    assertThat(state.figures().secondsLeft()).isNaN();
    assertThat(LivePage.render(run)).contains("No step is done yet.", ">waiting for executors<");
  }

  /** Before the first evaluation the page has the metrics of the network's kind. */
  @Test
  void aNetworkForPixelsIsJudgedByItsIou() {
    LiveRun pixels = new LiveRun(facts("unet-8", Metrics.ofPixels()), log);
    pixels.onAttempt(1, 1, 0);
    pixels.onSegment(0, 10, true);
    pixels.onStep(step(0, 3));
    assertThat(LivePage.render(pixels))
        .contains("<div class=\"label\">mIoU</div>", "<h3>IoU</h3>", "mIoU by epoch")
        .doesNotContain("op-1", "accuracy");
    run.onStep(step(0, 3));
    assertThat(LivePage.render(run)).contains("top-1 accuracy").doesNotContain("IoU");
  }

  private static ExecutorChange change(long step, int executors, ExecutorChange.Kind kind) {
    List<ExecutorChange.Cause> causes = List.of(new ExecutorChange.Cause(kind, "executor 3"));
    return new ExecutorChange("2026-11-30T09:01:02Z", step, executors, "rank 0 on a", causes, 1.5);
  }

  /** All starts of the run are one story, of which the gauges count this start's part. */
  @Test
  void whoWasThereWhenIsATable() {
    log.append(change(0, 2, Kind.STARTED));
    log.append(change(4, 1, Kind.LEFT));
    run.onAttempt(1, 2, 6);
    run.onExecutors(change(6, 2, Kind.STARTED));
    run.onExecutors(change(8, 1, Kind.LEFT));
    run.onExecutors(change(9, 2, Kind.JOINED));
    RunState state = run.state();
    assertThat(state.changes()).hasSize(5);
    assertThat(state.count(Kind.LEFT)).isEqualTo(1);
    assertThat(state.count(Kind.JOINED)).isEqualTo(1);
    assertThat(LivePage.render(run))
        .contains("<h2>Executors <small>4 changes, 6.000 s without a step</small></h2>")
        .contains("<td>8</td><td>2026-11-30 09:01:02</td><td>1</td><td>1.500</td>")
        .contains(">left: executor 3</td><td class=\"who\">rank 0 on a</td>");
  }

  @Test
  void stepsThatWereToldGiveWayToTheWholeSegment() {
    run.onAttempt(1, 2, 0);
    run.onSegment(0, 10, true);
    assertThat(run.state().phase()).isEqualTo(Phase.STARTING);
    run.onStep(step(0, 3));
    run.onStep(step(4, 1));
    assertThat(held()).containsExactly(0L, 4L);
    RunState state = run.state();
    assertThat(state.phase()).isEqualTo(Phase.TRAINING);
    assertThat(state.step()).isEqualTo(5);
    assertThat(state.figures())
        .isEqualTo(new RunState.Figures(2, 0.1, 64, 0.2, 0.1, 0.02, 15 * 0.5));
    run.onStep(step(9, 1));
    assertThat(run.state().phase()).isEqualTo(Phase.EVALUATING);
    RankMetrics rank = RankMetrics.of(new RankMetrics.TimeShare(0, "a:1", 4), steps(0, 10, 1), 0);
    run.onSegmentDone(steps(0, 10, 1), List.of(rank));
    run.onStep(step(7, 1)); // it was on its way for long
    assertThat(held()).hasSize(10);
    assertThat(run.state().step()).isEqualTo(10);
    assertThat(run.state().epoch()).isEqualTo(2);
    assertThat(run.state().ranks()).containsExactly(rank);
  }

  @Test
  void anAttemptThatFailedIsCountedAndItsStepsAreForgotten() {
    run.onAttempt(1, 3, 0);
    run.onSegment(0, 8, false);
    run.onSegmentDone(steps(0, 8, 1), List.of());
    run.onSegment(8, 10, true);
    run.onStep(step(8, 1));
    run.onMemory(new ExecutorMemoryUsage("2", "b", 1, 2, 3, 4));
    run.onFailure();
    run.onNote("failure 1: <executor> 2 was lost");
    assertThat(run.state().phase()).isEqualTo(Phase.WAITING);
    run.onAttempt(2, 2, 8);
    RunState state = run.state();
    assertThat(state.failures()).isEqualTo(1);
    assertThat(state.attempt()).isEqualTo(2);
    assertThat(state.executors()).isEqualTo(2);
    assertThat(state.step()).isEqualTo(8);
    assertThat(state.readings()).isEmpty();
    assertThat(held()).hasSize(8);
    assertThat(LivePage.render(run)).contains("failure 1: &lt;executor&gt; 2 was lost");
  }

  @Test
  void aStartThatGoesOnShowsWhatEarlierOnesDid() {
    log.append(steps(0, 10, 1));
    log.append(MetricFixtures.epoch(1, 10, 0.5, 0.75, 1, 0));
    run.onAttempt(1, 2, 10);
    assertThat(held()).hasSize(10);
    assertThat(run.state().newestEvaluation())
        .hasValue(MetricFixtures.epoch(1, 10, 0.5, 0.75, 1, 0));
  }

  @Test
  void aLongRunIsThinnedEvenly() {
    StepCurve curve = new StepCurve(100);
    steps(0, 1000, 1).forEach(curve::add);
    assertThat(curve.stride()).isEqualTo(16);
    assertThat(curve.steps().stream().map(StepMetrics::step))
        .containsExactlyElementsOf(
            LongStream.range(0, 1000).filter(step -> step % 16 == 0).boxed().toList());
    curve.rewindTo(500);
    steps(500, 600, 2).forEach(curve::add);
    assertThat(curve.steps()).hasSize(38);
    assertThat(curve.steps().get(37)).isEqualTo(step(592, 2));
  }
}
