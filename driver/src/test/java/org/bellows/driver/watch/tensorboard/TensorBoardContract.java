// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.watch.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.bellows.driver.report.MetricFixtures;
import org.bellows.driver.run.RunFolder;
import org.bellows.worker.metrics.StepMetrics;
import org.junit.jupiter.api.Test;

/** On whatever file system a run's folder may lie. */
public abstract class TensorBoardContract {
  /** A new folder's address for each test. */
  protected abstract String root();

  final TensorBoardLog open() {
    RunFolder run = RunFolder.claim(new Configuration(), root(), "train");
    run.own("train", Map.of());
    return new TensorBoardLog(run);
  }

  private Path folder() {
    return new Path(root(), "tensorboard");
  }

  /** Each of half a second: 32 images, a tenth of it waiting. */
  static List<StepMetrics> steps(long from, long to, double loss) {
    return LongStream.range(from, to)
        .mapToObj(
            step -> new StepMetrics(step, 0, loss + step, 0.25, 0.5, 32, 0.05, 0.4, 0.025, 0.1))
        .toList();
  }

  @Test
  void anIndependentReaderFindsEveryStepAndEvaluation() throws IOException {
    TensorBoardLog log = open();
    log.onAttempt(1, 2, 0);
    double before = System.currentTimeMillis() * 1e-3;
    log.onSegmentDone(steps(0, 3, 0), List.of());
    log.onEvaluation(MetricFixtures.epoch(1, 3, 1.5, 0.75, 1, 0));
    log.onSegmentDone(List.of(), List.of());
    log.onSegmentDone(steps(3, 4, 0), List.of());
    Map<String, Map<Long, List<Float>>> curves = EventFiles.curves(folder());
    assertThat(curves.get("train/loss"))
        .isEqualTo(Map.of(1L, List.of(0f), 2L, List.of(1f), 3L, List.of(2f), 4L, List.of(3f)));
    assertThat(curves.get("train/learning_rate")).containsEntry(1L, List.of(0.25f));
    assertThat(curves.get("speed/images_per_second")).containsEntry(2L, List.of(64f));
    assertThat(curves.get("speed/data_wait_share")).containsEntry(3L, List.of(0.1f));
    assertThat(curves.get("speed/collective_share")).containsEntry(4L, List.of(0.05f));
    assertThat(curves.get("speed/hidden_share")).containsEntry(4L, List.of(0.2f));
    assertThat(curves.get("validation/top1")).isEqualTo(Map.of(3L, List.of(0.75f)));
    assertThat(curves.get("validation/top5")).isEqualTo(Map.of(3L, List.of(1f)));
    assertThat(curves.get("validation/loss")).isEqualTo(Map.of(3L, List.of(1.5f)));
    List<EventFiles.Event> events = EventFiles.read(folder());
    assertThat(events).noneMatch(EventFiles.Event::start);
    // version, three steps, version, evaluation, version, step
    assertThat(events).hasSize(8);
    assertThat(events.get(3).wallTime()).isBetween(before - 1e-3, before + 60);
    assertThat(events.get(3).wallTime() - events.get(1).wallTime()).isBetween(0.999, 1.001);
  }

  /** Three steps of the first start are done again; its evaluation is not. */
  @Test
  void aResumedRunIsDrawnOnce() throws IOException {
    TensorBoardLog first = open();
    first.onAttempt(1, 2, 0);
    first.onSegmentDone(steps(0, 2, 0), List.of());
    first.onEvaluation(MetricFixtures.epoch(1, 2, 1.5, 0.75, 1, 0));
    first.onSegmentDone(steps(2, 5, 0), List.of());
    TensorBoardLog second = open();
    second.onAttempt(1, 2, 2);
    second.onSegmentDone(steps(2, 4, 100), List.of());
    second.onAttempt(2, 1, 3);
    second.onSegmentDone(steps(3, 6, 1000), List.of());
    Map<String, Map<Long, List<Float>>> curves = EventFiles.curves(folder());
    assertThat(curves.get("train/loss"))
        .isEqualTo(
            Map.of(
                1L, List.of(0f),
                2L, List.of(1f),
                3L, List.of(102f),
                4L, List.of(1003f),
                5L, List.of(1004f),
                6L, List.of(1005f)));
    assertThat(curves.get("validation/top1")).isEqualTo(Map.of(2L, List.of(0.75f)));
    assertThat(EventFiles.read(folder()).stream().filter(EventFiles.Event::start))
        .extracting(EventFiles.Event::step)
        .containsExactly(3L, 4L);
  }
}
