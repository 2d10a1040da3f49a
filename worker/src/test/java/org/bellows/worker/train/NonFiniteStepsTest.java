// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.order.SampleOrder;
import org.bellows.models.layer.ParameterKind;
import org.bellows.models.network.FlatLayout;
import org.bellows.worker.Ranks;
import org.bellows.worker.TinyDataset;
import org.bellows.worker.checkpoint.Checkpoint;
import org.bellows.worker.checkpoint.TrainingState;
import org.bellows.worker.engine.StepVector;
import org.bellows.worker.metrics.StepMetrics;
import org.bellows.worker.network.LaneNetwork;
import org.bellows.worker.parallel.VectorParts;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The first layer's weights are so large that their sum over a white picture is infinite, over a
 * black one zero; one of 60 pictures is white. 5 lanes of 3, 4 steps an epoch.
 */
@Timeout(120)
class NonFiniteStepsTest {
  private static final int ODD = 10;
  private static final int STEPS = 4;

  @TempDir static Path folder;

  private static DatasetManifest manifest;

  @BeforeAll
  static void writeDataset() throws IOException {
    manifest = TinyDataset.writeWithOneOdd(folder, 60, ODD);
  }

  private static TrainingPlan plan(String nonFinite, String... more) {
    return new TrainingPlan(
        Runs.settings(
            folder,
            folder,
            List.of(
                "model.name=lenet5",
                "train.epochs=2",
                "train.global-batch=15",
                "train.lane-batch=3",
                "train.validation-split=",
                "schedule.warmup-epochs=0.5",
                "train.non-finite=" + nonFinite),
            more),
        manifest);
  }

  /** Where the odd sample stands in an epoch. */
  private record Place(long step, int lane, String samples) {
    static Place of(int epoch) {
      SampleOrder order = plan("stop").sampleOrder();
      for (int lane = 0; lane < order.lanes(); lane++) {
        long[] ids = order.sampleIds(epoch, lane);
        for (int step = 0; step < STEPS; step++) {
          long[] batch = Arrays.copyOfRange(ids, step * 3, step * 3 + 3);
          if (LongStream.of(batch).anyMatch(id -> id == ODD)) {
            String samples = "%d, %d and %d".formatted(batch[0], batch[1], batch[2]);
            return new Place(epoch * STEPS + step, lane, samples);
          }
        }
      }
      throw new IllegalStateException("sample " + ODD + " sits out epoch " + epoch);
    }

    String sentence(int epoch) {
      // oneDNN's ReLU makes 0 of what is not a number: the loss may be finite.
      return "step %d (epoch %d) is not finite: gradient of lane %d (samples %s); learning rate "
          .formatted(step, epoch, lane, samples);
    }
  }

  private record Ran(String sha256, List<StepMetrics> steps, List<String> notes, String failure) {}

  private static Checkpoint start(TrainingPlan plan) {
    try (LaneNetwork network =
        new LaneNetwork(plan.network(), plan.input(), TinyDataset.CLASSES.size(), 1)) {
      float[] parameters = new float[network.layout().length()];
      network.readParameters(parameters);
      FlatLayout.ParameterSlot first =
          network.layout().segments().stream()
              .filter(slot -> slot.kind() == ParameterKind.WEIGHT)
              .findFirst()
              .orElseThrow();
      Arrays.fill(parameters, first.offset(), first.end(), 3e38f);
      return new Checkpoint(
          new TrainingState(1, 0, 0, "", Map.of(), Map.of()),
          parameters,
          List.of(new float[parameters.length]));
    }
  }

  private static List<Ran> train(TrainingPlan plan, int ranks, long end) {
    return Ranks.run(
        ranks,
        communicator -> {
          try (Trainer trainer =
              new Trainer(plan, new Configuration(), communicator, Optional.of(start(plan)))) {
            List<StepMetrics> steps = new ArrayList<>();
            try {
              while (trainer.step() < end) {
                long epochEnd = (trainer.step() / STEPS + 1) * STEPS;
                steps.addAll(trainer.train(Math.min(end, epochEnd), metrics -> {}));
              }
            } catch (BellowsException e) {
              assertThat(e.category()).isEqualTo(ErrorCategory.INTERNAL);
              return new Ran(trainer.parametersSha256(), steps, List.of(), e.getMessage());
            }
            return new Ran(trainer.parametersSha256(), steps, trainer.takeNotes(), null);
          }
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void everyRankStopsAtTheSameStepAndNamesLaneAndSamples(int ranks) {
    List<Ran> all = train(plan("stop"), ranks, 8);
    Place place = Place.of(0);
    for (Ran rank : all) {
      assertThat(rank.failure())
          .startsWith(place.sentence(0))
          .endsWith(
              "; nothing of it was applied: lower schedule.base-lr, lengthen the warmup, look at"
                  + " these samples, or set train.non-finite=skip and start again from the last"
                  + " checkpoint");
      // What the step began with is still there, whole.
      assertThat(rank.sha256()).isEqualTo(train(plan("stop"), 1, place.step()).get(0).sha256());
    }
  }

  @Test
  void aSkippedStepLeavesTheSameBitsOnAnyNumberOfRanks() {
    List<Ran> alone = train(plan("skip"), 1, 8);
    for (int ranks : new int[] {2, 3, 5}) {
      for (Ran rank : train(plan("skip"), ranks, 8)) {
        assertThat(rank.sha256()).isEqualTo(alone.get(0).sha256());
        assertThat(rank.notes()).isEqualTo(alone.get(0).notes());
      }
    }
    Ran ran = alone.get(0);
    assertThat(ran.failure()).isNull();
    assertThat(ran.notes()).hasSize(2);
    assertThat(ran.notes().get(0)).startsWith("skipped an update: " + Place.of(0).sentence(0));
    assertThat(ran.notes().get(1)).startsWith("skipped an update: " + Place.of(1).sentence(1));
    assertThat(ran.steps()).hasSize(8);
    assertThat(ran.steps().stream().filter(StepMetrics::wasSkipped).map(StepMetrics::step))
        .containsExactly(Place.of(0).step(), Place.of(1).step());
  }

  @Test
  void aSkippedStepChangesNothingAndTheNextOneDoes() {
    long odd = Place.of(0).step();
    List<String> hashes = new ArrayList<>();
    for (long end = odd; end <= odd + 2; end++) {
      hashes.add(train(plan("skip"), 2, end).get(0).sha256());
    }
    assertThat(hashes.get(1)).isEqualTo(hashes.get(0));
    assertThat(hashes.get(2)).isNotEqualTo(hashes.get(1));
  }

  /** The lane stands still for a step, the others do not. Averaging overflows with such weights. */
  @Test
  void aLaneThatSkipsItsOwnStepLeavesTheSameBitsOnAnyNumberOfRanks() {
    String[] averaging = {"sync.mode=averaging", "sync.period-steps=3"};
    List<Ran> alone = train(plan("skip", averaging), 1, STEPS);
    for (int ranks : new int[] {2, 5}) {
      for (Ran rank : train(plan("skip", averaging), ranks, STEPS)) {
        assertThat(rank.sha256()).isEqualTo(alone.get(0).sha256());
        assertThat(rank.notes()).isEqualTo(alone.get(0).notes());
      }
    }
    Place place = Place.of(0);
    Ran ran = alone.get(0);
    assertThat(ran.notes()).hasSize(1);
    assertThat(ran.notes().get(0)).startsWith("skipped an update: " + place.sentence(0));
    assertThat(ran.steps().stream().filter(StepMetrics::wasSkipped).map(StepMetrics::step))
        .containsExactly(place.step());
    for (Ran rank : train(plan("stop", averaging), 2, STEPS)) {
      assertThat(rank.failure()).startsWith(place.sentence(0));
    }
  }

  /** A lane says so itself, whoever adds it to what. */
  @Test
  void whatCouldOverflowWhenAllLanesAreAddedIsFoundBefore() {
    StepVector large = new StepVector(4);
    large.setParameters(new float[] {1, -Float.MAX_VALUE / 8, 1, 1});
    assertThat(large.isFinite(NonFiniteSteps.factorToBeSummed(4), VectorParts.ONE)).isTrue();
    assertThat(large.isFinite(NonFiniteSteps.factorToBeSummed(5), VectorParts.ONE)).isFalse();
    large.setLoss(Float.NaN);
    assertThat(large.isFinite(NonFiniteSteps.factorToBeSummed(1), VectorParts.ONE)).isFalse();
  }
}
