// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.bellows.data.batch.LaneBatch;
import org.bellows.data.batch.TrainingBatches;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.models.layer.ParameterKind;
import org.bellows.models.network.FlatLayout.ParameterSlot;
import org.bellows.worker.Ranks;
import org.bellows.worker.TinyDataset;
import org.bellows.worker.checkpoint.Checkpoint;
import org.bellows.worker.checkpoint.CheckpointStore;
import org.bellows.worker.collective.reduce.EvenPartition.IndexRange;
import org.bellows.worker.metrics.StepMetrics;
import org.bellows.worker.network.LaneNetwork;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Six lanes of 2, 5 steps an epoch, averaged every 2: after steps 1, 3, 4, 5, 7, 9. */
@Tag("instructions")
@Tag("once")
@Timeout(120)
class ParameterAveragingTest {
  private static final int EPOCH = 5;

  @TempDir static Path shared;
  @TempDir Path runs;

  private static DatasetManifest manifest;
  private final Configuration hadoop = new Configuration();

  @BeforeAll
  static void writeDataset() throws IOException {
    manifest = TinyDataset.write(shared, 62, 20);
  }

  private TrainingPlan plan(String network, String... more) {
    return new TrainingPlan(
        Runs.settings(
            shared,
            runs,
            List.of(
                "model.name=" + network,
                "train.epochs=3",
                "train.global-batch=12",
                "train.lane-batch=2",
                "sync.mode=averaging",
                "sync.period-steps=2",
                "schedule.base-lr=0.3",
                "schedule.warmup=none",
                "checkpoint.keep-last=9"),
            more),
        manifest);
  }

  private Checkpoint checkpoint(long step) {
    return new CheckpointStore(hadoop, runs.toString()).read(step);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "optimizer.name=nesterov",
        "optimizer.clip-norm=0.05,optimizer.average-decay=0.9",
        "optimizer.name=amsbound,schedule.base-lr=0.01",
        "optimizer.name=lars,optimizer.trust-coefficient=0.01,schedule.base-lr=20"
      })
  void theNumberOfWorkersDoesNotChangeABit(String settings) throws IOException {
    Runs.sameOnAnyRanks(plan("resnet20-cifar", settings.split(",")), 4, 6);
  }

  @Test
  void modeAndPeriodChangeTheResult() {
    String averaged = Runs.train(plan("lenet5"), 2, 0, EPOCH);
    assertThat(Runs.train(plan("lenet5", "sync.period-steps=3"), 2, 0, EPOCH))
        .isNotEqualTo(averaged);
    assertThat(Runs.train(plan("lenet5", "sync.mode=every-step"), 2, 0, EPOCH))
        .isNotEqualTo(averaged);
  }

  /** There is nothing to average, and nothing is done otherwise. */
  @Test
  void oneLaneIsTheSameAsInEveryStep() {
    String[] one = {"train.lane-batch=12", "cluster.executors=1", "sync.period-steps=3"};
    String[] everyStep = Arrays.copyOf(one, 4);
    everyStep[3] = "sync.mode=every-step";
    assertThat(Runs.train(plan("resnet20-cifar", one), 1, 0, 9))
        .isEqualTo(Runs.train(plan("resnet20-cifar", everyStep), 1, 0, 9));
  }

  /** Momentum is linear in the gradient; what differs is rounding. */
  @Test
  void averagingInEveryStepIsSynchronousSgd() {
    Runs.train(plan("lenet5", "sync.period-steps=1"), 2, 0, 9);
    Checkpoint averaged = checkpoint(9);
    Runs.train(plan("lenet5", "sync.mode=every-step"), 2, 0, 9);
    Checkpoint summed = checkpoint(9);
    assertThat(distance(averaged.parameters(), summed.parameters())).isLessThan(1e-6);
    assertThat(distance(averaged.optimizer().get(0), summed.optimizer().get(0))).isLessThan(1e-5);
    Runs.train(plan("lenet5", "sync.period-steps=3"), 2, 0, 9);
    assertThat(distance(checkpoint(9).parameters(), summed.parameters())).isGreaterThan(1e-4);
  }

  /** Of the norm. */
  private static double distance(float[] actual, float[] expected) {
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < expected.length; i++) {
      difference += Math.pow((double) actual[i] - expected[i], 2);
      norm += Math.pow(expected[i], 2);
    }
    return Math.sqrt(difference / norm);
  }

  /** Stich 2019, Algorithm 1, with momentum averaged as well, in double precision. */
  @Test
  void itIsLocalSgdAsPublished() {
    TrainingPlan plan = plan("lenet5", "optimizer.name=momentum", "optimizer.weight-decay=0.01");
    int lanes = plan.settings().train().lanes();
    double momentum = plan.settings().optimizer().momentum();
    try (LaneNetwork network =
            new LaneNetwork(plan.network(), plan.input(), plan.classes().size(), 1);
        BatchFeed feed = new BatchFeed(plan, hadoop, new IndexRange(0, lanes))) {
      int length = network.layout().length();
      float[] parameters = new float[length];
      network.readParameters(parameters);
      double[][] weights = new double[lanes][length];
      double[][] velocity = new double[lanes][length];
      for (double[] ofLane : weights) {
        for (int i = 0; i < length; i++) {
          ofLane[i] = parameters[i];
        }
      }
      double[] losses = new double[2 * EPOCH];
      TrainingBatches batches = feed.from(0, 2 * EPOCH, Optional.empty());
      for (int step = 0; step < 2 * EPOCH; step++) {
        for (int lane = 0; lane < lanes; lane++) {
          losses[step] +=
              localStep(
                      plan, network, batches.next(), step, weights[lane], velocity[lane], momentum)
                  / plan.settings().train().globalBatch();
        }
        if (step % 2 == 1 || step % EPOCH == EPOCH - 1) {
          mean(weights);
          mean(velocity);
        }
      }
      List<StepMetrics> steps = twoEpochs(plan, 3);
      Runs.train(plan, 2, 0, 2 * EPOCH);
      for (int i = 0; i < length; i++) {
        parameters[i] = (float) weights[0][i];
      }
      assertThat(distance(checkpoint(2 * EPOCH).parameters(), parameters)).isLessThan(1e-5);
      for (int step = 0; step < losses.length; step++) {
        assertThat(steps.get(step).loss()).isCloseTo(losses[step], within(1e-4));
      }
    }
  }

  private static double localStep(
      TrainingPlan plan,
      LaneNetwork network,
      LaneBatch batch,
      int step,
      double[] weights,
      double[] velocity,
      double momentum) {
    float[] vector = new float[weights.length];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (float) weights[i];
    }
    network.writeParameters(vector);
    float[] gradient = new float[vector.length];
    float[] targets = batch.targets().ofClasses().distributions();
    double loss = network.gradient(batch.pixels(), targets, 0, gradient);
    double rate = plan.schedule().at(step);
    for (ParameterSlot slot : network.layout().segments()) {
      double decay = slot.kind() == ParameterKind.WEIGHT ? 0.01 : 0;
      for (int i = slot.offset(); i < slot.end(); i++) {
        double moved = gradient[i] / batch.size() + decay * weights[i];
        velocity[i] = momentum * velocity[i] + moved;
        weights[i] -= rate * velocity[i];
      }
    }
    return loss;
  }

  private static void mean(double[][] ofLanes) {
    for (int i = 0; i < ofLanes[0].length; i++) {
      double sum = 0;
      for (double[] lane : ofLanes) {
        sum += lane[i];
      }
      for (double[] lane : ofLanes) {
        lane[i] = sum / ofLanes.length;
      }
    }
  }

  /** Two epochs; what each rank says of them is the same. */
  private List<StepMetrics> twoEpochs(TrainingPlan plan, int ranks) {
    List<List<StepMetrics>> all =
        Ranks.run(
            ranks,
            communicator -> {
              try (Trainer trainer = new Trainer(plan, hadoop, communicator, Optional.empty())) {
                List<StepMetrics> heard = new ArrayList<>();
                List<StepMetrics> steps = new ArrayList<>(trainer.train(EPOCH, heard::add));
                steps.addAll(trainer.train(2 * EPOCH, heard::add));
                assertThat(heard).isEqualTo(steps);
                return steps;
              }
            });
    for (List<StepMetrics> rank : all) {
      assertThat(rank.stream().map(StepMetrics::loss).toList())
          .isEqualTo(all.get(0).stream().map(StepMetrics::loss).toList());
    }
    assertThat(all.get(0).stream().map(StepMetrics::step)).hasSize(2 * EPOCH).isSorted();
    assertThat(all.get(0)).allMatch(step -> step.images() == 12 && step.seconds() > 0);
    return all.get(0);
  }

  /** Lanes that differ are never evaluated, saved or left. */
  @Test
  void aSegmentEndsWhereTheRanksMeet() {
    TrainingPlan plan = plan("lenet5");
    assertThatThrownBy(() -> Runs.train(plan, 1, 0, 3))
        .hasMessageContaining("the ranks do not synchronise at step 3");
  }

  @Test
  void theMovingAverageIsTheModel() {
    TrainingPlan plan = plan("resnet20-cifar", "optimizer.average-decay=0.9");
    List<float[]> evaluated =
        Ranks.run(
            2,
            communicator -> {
              try (Trainer trainer = new Trainer(plan, hadoop, communicator, Optional.empty())) {
                trainer.train(4, metrics -> {});
                LaneNetwork network =
                    trainer.evaluationNetworks().ensembles().get(0).members().get(0);
                float[] averaged = new float[network.layout().length()];
                network.readParameters(averaged);
                trainer.checkpoint();
                trainer.awaitCheckpoint();
                return averaged;
              }
            });
    float[] saved = plan.modelParameters(checkpoint(4));
    assertThat(evaluated).allMatch(parameters -> Arrays.equals(parameters, saved));
    assertThat(saved).isNotEqualTo(checkpoint(4).parameters());
  }
}
