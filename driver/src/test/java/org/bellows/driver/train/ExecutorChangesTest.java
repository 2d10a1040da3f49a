// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.bellows.driver.report.ExecutorChange;
import org.bellows.driver.report.ExecutorChange.Kind;
import org.bellows.driver.run.MetricsLog;
import org.bellows.driver.run.RunFolder;
import org.bellows.driver.watch.RunListener;
import org.bellows.worker.metrics.StepMetrics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExecutorChangesTest {
  @TempDir Path folder;

  private final List<ExecutorChange> told = new ArrayList<>();
  private final List<Double> pauses = new ArrayList<>();
  private final RunListener watch =
      new RunListener() {
        @Override
        public void onExecutors(ExecutorChange change) {
          told.add(change);
        }

        @Override
        public void onPause(double seconds) {
          pauses.add(seconds);
        }
      };

  private static StepMetrics step(long step) {
    return new StepMetrics(step, 0, 1, 0.1, 0.5, 32, 0.1, 0.3, 0.05);
  }

  private static SegmentOutcome outcome(int rank, String host) {
    return new SegmentOutcome(rank, host, 4, false, List.of(), List.of(), "sha", null, null, null);
  }

  @Test
  void anAttemptThatDidNoSegmentIsPartOfTheNextChange() {
    MetricsLog log = new MetricsLog(RunFolder.of(new Configuration(), folder.toString()));
    ExecutorChanges changes = new ExecutorChanges(watch, log);
    changes.because(Kind.STARTED, "");
    changes.onAttempt(1, 3, 0);
    changes.onStep(step(0));
    List<SegmentOutcome> three = List.of(outcome(0, "a:1"), outcome(1, "a:2"), outcome(2, "b:1"));
    assertThat(changes.takeNote(0, three)).isEmpty();
    assertThat(pauses).isEmpty();

    changes.because(Kind.FAILED, "executor 2 was lost");
    changes.onAttempt(2, 2, 4);
    changes.because(Kind.LEFT, "executor 1 on a");
    changes.onAttempt(3, 1, 4);
    changes.onStep(step(4));
    assertThat(changes.takeNote(4, List.of(outcome(0, "a:1"))).orElseThrow())
        .matches(
            "steps from 4 on: rank 0 on a; the change took [0-9.]+ s, from one step to the next");
    assertThat(changes.takeNote(8, List.of(outcome(0, "a:1")))).isEmpty();

    assertThat(pauses).hasSize(1);
    assertThat(log.executors()).isEqualTo(told).hasSize(2);
    assertThat(told.get(0).places()).isEqualTo("ranks 0 and 1 on a and rank 2 on b");
    assertThat(told.get(0).causes()).containsExactly(new ExecutorChange.Cause(Kind.STARTED, ""));
    assertThat(told.get(1).causes())
        .containsExactly(
            new ExecutorChange.Cause(Kind.FAILED, "executor 2 was lost"),
            new ExecutorChange.Cause(Kind.LEFT, "executor 1 on a"));
    assertThat(told.get(1).step()).isEqualTo(4);
    assertThat(told.get(1).executors()).isEqualTo(1);
    assertThat(told.get(1).seconds()).isEqualTo(pauses.get(0));

    changes.end(8, 1);
    assertThat(log.executors()).as("nothing has changed").hasSize(2);
    changes.because(Kind.LEFT, "executor 3 on a");
    changes.end(8, 0);
    assertThat(log.executors()).isEqualTo(told).hasSize(3);
    assertThat(told.get(2).step()).isEqualTo(8);
    assertThat(told.get(2).executors()).isZero();
    assertThat(told.get(2).causes())
        .containsExactly(new ExecutorChange.Cause(Kind.LEFT, "executor 3 on a"));
  }

  @Test
  void aStartThatHasNothingToTrainIsNoChange() {
    MetricsLog log = new MetricsLog(RunFolder.of(new Configuration(), folder.toString()));
    ExecutorChanges changes = new ExecutorChanges(watch, log);
    changes.because(Kind.STARTED, "");
    changes.onAttempt(1, 2, 8);
    changes.end(8, 2);
    assertThat(log.executors()).isEmpty();
  }
}
