// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.bellows.conf.Settings;
import org.bellows.conf.load.SettingsLoader;
import org.bellows.conf.part.TrainingSettings;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.manifest.Provenance;
import org.bellows.data.manifest.Shard;
import org.bellows.data.manifest.Split;
import org.bellows.driver.train.SegmentPlanner.Span;
import org.bellows.worker.train.TrainingPlan;
import org.junit.jupiter.api.Test;

/** 100 samples in batches of 10: 10 steps an epoch. */
class SegmentPlannerTest {

  private static List<Span> spans(String... more) {
    List<String> assignments = new ArrayList<>(List.of("train.epochs=3", "train.global-batch=10"));
    assignments.add("train.lane-batch=5");
    assignments.add("schedule.warmup-epochs=0");
    assignments.add("model.name=lenet5");
    assignments.addAll(List.of(more));
    Settings settings = new SettingsLoader().set(assignments).load(List.of(), List.of());
    Shard shard = new Shard("shards/train-00000.parquet", 1, "0", List.of(60, 40));
    Split train = new Split("train", 100, 1, List.of(0.5), List.of(0.5), List.of(shard));
    DatasetManifest manifest =
        new DatasetManifest(
            1,
            List.of("a", "b"),
            List.of(train),
            new Provenance("s", "idx", "0", 1, "test", 1, 0, "2020-01-01T00:00:00Z"));
    SegmentPlanner planner =
        new SegmentPlanner(new TrainingPlan(TrainingSettings.of(settings), manifest));
    List<Span> spans = new ArrayList<>();
    for (long step = 0; step < planner.totalSteps(); step = spans.get(spans.size() - 1).to()) {
      spans.add(planner.next(step));
    }
    return spans;
  }

  @Test
  void aSegmentIsAnEpochUnlessSaidOtherwise() {
    assertThat(spans())
        .containsExactly(new Span(0, 10, true), new Span(10, 20, true), new Span(20, 30, true));
  }

  /** The blocks hold 60 and 40. */
  @Test
  void aPartOfTheSplitIsWholeBlocksFromItsStart() {
    assertThat(spans("train.max-samples=60").get(0)).isEqualTo(new Span(0, 6, true));
    assertThat(spans("train.max-samples=1").get(0)).isEqualTo(new Span(0, 6, true));
    assertThat(spans("train.max-samples=61").get(0)).isEqualTo(new Span(0, 10, true));
    assertThat(spans("train.max-samples=1000").get(0)).isEqualTo(new Span(0, 10, true));
  }

  @Test
  void checkpointsCutEpochsAtMultiplesOfTheIntervalInTheRun() {
    assertThat(spans("checkpoint.interval-steps=8"))
        .containsExactly(
            new Span(0, 8, false),
            new Span(8, 10, true),
            new Span(10, 16, false),
            new Span(16, 20, true),
            new Span(20, 24, false),
            new Span(24, 30, true));
  }

  @Test
  void evaluatesEverySoManyEpochsAndAtTheEndOrNever() {
    assertThat(spans("train.evaluate-every-epochs=2"))
        .extracting(Span::evaluate)
        .containsExactly(false, true, true);
    assertThat(spans("train.validation-split="))
        .extracting(Span::evaluate)
        .containsExactly(false, false, false);
  }
}
