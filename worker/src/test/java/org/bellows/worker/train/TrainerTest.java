// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.part.TrainingSettings;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.models.graph.InputShape;
import org.bellows.models.zoo.NetworkRegistry;
import org.bellows.worker.Ranks;
import org.bellows.worker.TinyDataset;
import org.bellows.worker.checkpoint.Checkpoint;
import org.bellows.worker.checkpoint.CheckpointStore;
import org.bellows.worker.checkpoint.TrainingState;
import org.bellows.worker.engine.EngineRequest;
import org.bellows.worker.engine.onednn.arithmetic.Processor;
import org.bellows.worker.files.FloatArrays;
import org.bellows.worker.metrics.StepMetrics;
import org.bellows.worker.model.ModelCard;
import org.bellows.worker.model.TrainedModel;
import org.bellows.worker.natives.NativeLibraries;
import org.bellows.worker.network.LaneNetwork;
import org.bellows.worker.train.update.StateArrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole runs over real sockets; ranks are threads here, processes in the driver's tests. */
@Tag("instructions")
@Tag("once")
@Timeout(120)
class TrainerTest {
  /** 167 samples: 11 steps of 15, and 2 left over in each epoch. */
  private static final int SAMPLES = 167;

  private static final int EPOCHS = 2;
  private static final int STEPS_PER_EPOCH = 11;

  @TempDir static Path shared;
  @TempDir Path runs;

  private static DatasetManifest manifest;
  private final Configuration hadoop = new Configuration();

  @BeforeAll
  static void writeDataset() throws IOException {
    manifest = TinyDataset.write(shared, SAMPLES, 50);
  }

  private TrainingPlan plan(String network, String... more) {
    return new TrainingPlan(settings(network, more), manifest);
  }

  private TrainingSettings settings(String network, String... more) {
    return Runs.settings(
        shared,
        runs,
        List.of(
            "model.name=" + network,
            "augment.crop=padded",
            "augment.padding-pixels=1",
            "train.epochs=" + EPOCHS,
            "train.global-batch=15",
            "train.lane-batch=3",
            "schedule.base-lr=0.8",
            "schedule.warmup-epochs=0.5",
            "data.shuffle-window-samples=13",
            "checkpoint.keep-last=9"),
        more);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lenet5", "resnet20-cifar"})
  void theNumberOfWorkersDoesNotChangeABit(String network) {
    TrainingPlan plan = plan(network);
    long end = network.equals("lenet5") ? EPOCHS * STEPS_PER_EPOCH : 4;
    String alone = Runs.train(plan, 1, 0, end);
    for (int atOnce : new int[] {2, 3, 5}) {
      assertThat(Runs.train(Runs.atOnce(plan, atOnce), 1, 0, end))
          .as("%d lanes at once", atOnce)
          .isEqualTo(alone);
    }
    for (int ranks : new int[] {2, 3, 5}) {
      assertThat(Runs.train(plan, ranks, 0, end)).isEqualTo(alone);
    }
  }

  /** Norms of whole arrays, of which each rank has only the parts in its slice. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "optimizer.name=lars,optimizer.trust-coefficient=0.01,schedule.base-lr=20",
        "optimizer.name=lamb,optimizer.clip-norm=0.05,schedule.base-lr=0.01",
        "optimizer.name=lion,optimizer.clip-norm=0.05,schedule.base-lr=0.001",
        "optimizer.name=adamw,optimizer.clip-value=0.001,schedule.base-lr=0.01",
        "optimizer.name=amsbound,optimizer.average-decay=0.9,schedule.base-lr=0.01",
        "sync.communication-dtype=float16",
        "sync.communication-dtype=float16,optimizer.average-decay=0.9,optimizer.clip-norm=0.05",
        "train.batch-norm-moments=global-batch",
        "model.stochastic-depth=0.5,augment.mix=mixup-or-cutmix,augment.repeats=5",
        "optimizer.sharpness-radius=0.5,optimizer.clip-norm=0.05"
      })
  void theNumberOfWorkersDoesNotChangeABitOfWhatNeedsNormsOrMoreState(String settings)
      throws IOException {
    TrainingPlan plan = plan("resnet20-cifar", settings.split(","));
    String alone = Runs.sameOnAnyRanks(plan, 2, 3);
    assertThat(Runs.train(plan("resnet20-cifar"), 1, 0, 3)).isNotEqualTo(alone);
  }

  /** With lanes of five, of which Winograd's suits the first layers. */
  @ParameterizedTest
  @ValueSource(strings = {"train.precision=bfloat16", "train.convolutions=winograd"})
  void theNumberOfWorkersDoesNotChangeABitInAnotherArithmetic(String setting) throws IOException {
    String[] lanes = {"train.global-batch=25", "train.lane-batch=5"};
    TrainingPlan plan = plan("resnet20-cifar", lanes[0], lanes[1], setting);
    NativeLibraries.load();
    assumeThat(Processor.refusal(EngineRequest.of(plan.settings().train()).arithmetic()))
        .as("what this processor lacks")
        .isEmpty();
    String alone = Runs.sameOnAnyRanks(plan, 2, 3);
    assertThat(Runs.train(plan("resnet20-cifar", lanes), 1, 0, 3))
        .as("in floats, directly")
        .isNotEqualTo(alone);
  }

  /** An untrained model: it can teach all the same. */
  private void writeTeacher(String network, List<String> classes) {
    writeTeacher(network, classes, 1);
  }

  /**
   * @param factor of its parameters
   */
  private void writeTeacher(String network, List<String> classes, float factor) {
    TrainingPlan plan = plan(network);
    try (LaneNetwork teacher = new LaneNetwork(plan.network(), plan.input(), classes.size(), 5)) {
      float[] parameters = new float[teacher.layout().length()];
      teacher.readParameters(parameters);
      for (int i = 0; i < parameters.length; i++) {
        parameters[i] *= factor;
      }
      ModelCard card =
          new ModelCard(
              ModelCard.FORMAT_VERSION,
              network,
              plan.input(),
              classes,
              plan.inputSpec().mean(),
              plan.inputSpec().standardDeviation(),
              plan.settings().augment().evaluationCrop(),
              0,
              FloatArrays.sha256(parameters, parameters.length),
              Map.of());
      new TrainedModel(card, parameters).write(hadoop, runs.toString());
    }
  }

  @Test
  void whatTheLossIsTakesPartAndTheNumberOfWorkersDoesNot() {
    writeTeacher("resnet20-cifar", manifest.classes());
    Set<String> results = new HashSet<>(Set.of(Runs.train(plan("lenet5"), 1, 0, 3)));
    for (String settings :
        List.of(
            "loss.label-smoothing=0.1",
            "loss.class-weights=[1, 2, 3, 4]",
            "loss.class-weights=balanced",
            "loss.function=binary-cross-entropy",
            "loss.function=binary-cross-entropy;loss.positive-weights=[1, 2, 3, 4]",
            "loss.function=binary-cross-entropy;loss.positive-weights=balanced",
            "loss.teacher=" + runs,
            "loss.teacher=" + runs + ";loss.teacher-temperature=2",
            "loss.teacher=" + runs + ";loss.label-smoothing=0.1;loss.class-weights=[4, 3, 2, 1]")) {
      TrainingPlan plan =
          TrainingPlan.of(hadoop, settings("lenet5", settings.split(";")), manifest);
      String alone = Runs.train(plan, 1, 0, 3);
      assertThat(Runs.train(Runs.atOnce(plan, 2), 3, 0, 3)).as(settings).isEqualTo(alone);
      assertThat(results.add(alone)).as(settings).isTrue();
    }
  }

  /** Not the student's loss: who reads of that would lower the learning rate. */
  @Test
  void aTeacherWhoseAnswersAreNotFiniteIsNamed() {
    writeTeacher("lenet5", manifest.classes(), 1e30f);
    TrainingPlan plan =
        TrainingPlan.of(hadoop, settings("lenet5", "loss.teacher=" + runs), manifest);
    assertThatThrownBy(() -> Runs.train(Runs.atOnce(plan, 3), 1, 0, 1))
        .hasStackTraceContaining(
            "loss.teacher %s cannot teach: its answer to sample ".formatted(runs))
        .hasStackTraceContaining("is not finite");
  }

  @Test
  void aTeacherOfOtherThingsIsRefused() {
    writeTeacher("lenet5", List.of("other", "classes"));
    TrainingPlan plan = plan("lenet5", "loss.teacher=" + runs);
    assertThatThrownBy(() -> TrainingPlan.of(hadoop, plan.settings(), manifest))
        .hasMessageContaining(
            "loss.teacher " + runs + " has classes other and classes, the student")
        .hasMessageContaining("has upper-left, upper-right, lower-left and lower-right");
    assertThatThrownBy(() -> plan("lenet5", "loss.class-weights=[1, 2]"))
        .hasMessage("loss.class-weights holds 2 numbers, but the dataset has 4 classes");
    String binary = "loss.function=binary-cross-entropy";
    assertThatThrownBy(() -> plan("lenet5", binary, "loss.positive-weights=[1, 2]"))
        .hasMessage("loss.positive-weights holds 2 numbers, but the dataset has 4 classes");
    assertThatThrownBy(
            () ->
                TrainingPlan.of(
                    hadoop, settings("lenet5", binary, "loss.teacher=" + runs), manifest))
        .hasMessageContaining(
            "loss.function is binary-cross-entropy, allowed: cross-entropy where loss.teacher is"
                + " set");
  }

  /** What is evaluated is what becomes the model; training goes on from the parameters. */
  @Test
  void theMovingAverageIsEvaluatedAndLeavesTrainingAlone() {
    TrainingPlan plan = plan("resnet20-cifar", "optimizer.average-decay=0.999");
    String plain = Runs.train(plan("resnet20-cifar"), 1, 0, 4);
    CheckpointStore store = new CheckpointStore(hadoop, runs.toString());
    List<float[]> evaluated =
        Ranks.run(
            3,
            communicator -> {
              try (Trainer trainer = new Trainer(plan, hadoop, communicator, Optional.empty())) {
                trainer.train(2, metrics -> {});
                LaneNetwork network =
                    trainer.evaluationNetworks().ensembles().get(0).members().get(0);
                float[] averaged = new float[network.layout().length()];
                network.readParameters(averaged);
                trainer.checkpoint();
                trainer.awaitCheckpoint();
                trainer.train(4, metrics -> {});
                assertThat(trainer.parametersSha256()).isEqualTo(plain);
                return averaged;
              }
            });
    Checkpoint checkpoint = store.read(2);
    assertThat(evaluated).allMatch(a -> Arrays.equals(a, plan.modelParameters(checkpoint)));
    assertThat(evaluated.get(0)).isNotEqualTo(checkpoint.parameters());
  }

  /** Rank 1 of 3 is told to leave during step 2; two others go on. */
  @ParameterizedTest
  @ValueSource(strings = {"sync.mode=every-step", "sync.mode=averaging,sync.period-steps=2"})
  void allStopAfterTheStepInWhichOneSaysThatItLeaves(String mode) {
    TrainingPlan plan = plan("lenet5", mode.split(","));
    String alone = Runs.train(plan, 1, 0, 8);
    Ranks.run(
        3,
        communicator -> {
          try (Trainer trainer = new Trainer(plan, hadoop, communicator, Optional.empty())) {
            List<StepMetrics> steps =
                trainer.train(
                    8, metrics -> {}, () -> communicator.rank() == 1 && trainer.step() >= 2);
            assertThat(trainer.isLeft()).isTrue();
            assertThat(trainer.step()).isEqualTo(mode.contains("averaging") ? 4 : 3);
            assertThat(steps).hasSize((int) trainer.step());
            trainer.checkpoint();
            trainer.awaitCheckpoint();
            return trainer.step();
          }
        });
    assertThat(Runs.train(plan, 2, mode.contains("averaging") ? 4 : 3, 8)).isEqualTo(alone);
  }

  /** Partners come from the lane's own batch, so W does not matter to them either. */
  @ParameterizedTest
  @ValueSource(strings = {"mixup", "cutmix", "ricap"})
  void mixedLabelsDoNotDependOnTheNumberOfWorkers(String mix) {
    TrainingPlan plan = plan("lenet5", "augment.mix=" + mix, "augment.mix-alpha=0.8");
    long end = STEPS_PER_EPOCH + 3;
    String alone = Runs.train(plan, 1, 0, end);
    for (int ranks : new int[] {2, 3, 5}) {
      assertThat(Runs.train(plan, ranks, 0, end)).isEqualTo(alone);
    }
    assertThat(Runs.train(plan("lenet5"), 1, 0, end)).isNotEqualTo(alone);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lenet5", "resnet20-cifar"})
  void aRunResumedInTheMiddleOfAnEpochOnOtherWorkersEndsTheSame(String network) {
    TrainingPlan plan = plan(network);
    String through = Runs.train(plan, 2, 0, 14);
    Runs.train(plan, 3, 0, 4);
    Runs.train(plan, 1, 4, 13);
    assertThat(Runs.train(plan, 5, 13, 14)).isEqualTo(through);
  }

  /** Not only the parameters: the files of a checkpoint are the same bytes whoever wrote them. */
  @Test
  void checkpointsDoNotDependOnWhoWroteThem() throws IOException {
    TrainingPlan plan = plan("lenet5");
    Path folder = runs.resolve("checkpoints/step-000000005");
    List<List<byte[]>> written = new ArrayList<>();
    for (int ranks : new int[] {1, 3}) {
      Runs.train(plan, ranks, 0, 5);
      List<byte[]> files = new ArrayList<>();
      for (String name : List.of("parameters.bin", "optimizer.bin", "state.json")) {
        files.add(java.nio.file.Files.readAllBytes(folder.resolve(name)));
      }
      written.add(files);
    }
    for (int i = 0; i < 3; i++) {
      assertThat(written.get(0).get(i)).isEqualTo(written.get(1).get(i));
    }
  }

  /** What a warm start writes: a checkpoint of step 0, with the arrays that an update keeps. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "optimizer.name=sgd",
        "optimizer.name=adam,schedule.base-lr=0.01",
        "sync.communication-dtype=float16",
        "sync.communication-dtype=float16,optimizer.average-decay=0.9",
        "sync.mode=averaging,sync.period-steps=2,optimizer.average-decay=0.9"
      })
  void aRunFromACheckpointBeforeTheFirstUpdateIsTheRunFromTheSeed(String changed) {
    TrainingPlan plan = plan("lenet5", changed.split(","));
    TrainingSettings settings = plan.settings();
    Checkpoint last = checkpointOfStep(plan, 4, Optional.empty());
    assertThat(last.optimizer()).hasSize(StateArrays.of(settings).count());
    float[] parameters = new float[last.parameters().length];
    try (LaneNetwork network =
        new LaneNetwork(
            NetworkRegistry.standard().get("lenet5"),
            InputShape.of(settings.model()),
            plan.classes().size(),
            settings.train().seed())) {
      network.readParameters(parameters);
    }
    Checkpoint first =
        new Checkpoint(
            new TrainingState(
                TrainingState.FORMAT_VERSION,
                0,
                0,
                FloatArrays.sha256(parameters, parameters.length),
                plan.identity(),
                Map.of()),
            parameters,
            StateArrays.of(settings).beforeTheFirstUpdate(parameters));
    Checkpoint again = checkpointOfStep(plan, 4, Optional.of(first));
    assertThat(again.parameters()).isEqualTo(last.parameters());
    assertThat(again.optimizer()).usingRecursiveComparison().isEqualTo(last.optimizer());
  }

  private Checkpoint checkpointOfStep(TrainingPlan plan, long step, Optional<Checkpoint> start) {
    Ranks.run(
        2,
        communicator -> {
          try (Trainer trainer = new Trainer(plan, hadoop, communicator, start)) {
            trainer.train(step, metrics -> {});
            trainer.checkpoint();
            trainer.awaitCheckpoint();
            return trainer.step();
          }
        });
    return new CheckpointStore(hadoop, plan.outputPath()).read(step);
  }

  @Test
  void everySettingThatMattersChangesTheResult() {
    String base = Runs.train(plan("lenet5"), 1, 0, 3);
    for (String changed :
        List.of(
            "train.seed=2",
            "schedule.base-lr=0.7",
            "optimizer.momentum=0.8",
            "optimizer.weight-decay=0.01",
            "augment.mirror=false",
            "augment.rotation-degrees=10",
            "augment.auto-augment=svhn",
            "augment.brightness=0.2",
            "augment.erasing-probability=0.5",
            "augment.cutout-pixels=4",
            "augment.mix=mixup",
            "augment.mean=[0.3]",
            "data.shuffle-window-samples=14",
            "sync.communication-dtype=float16",
            "train.lane-batch=5")) {
      assertThat(Runs.train(plan("lenet5", changed), 1, 0, 3)).as(changed).isNotEqualTo(base);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"float32", "float16"})
  void theLossFallsAndTheMetricsSaySo(String wire) {
    List<StepMetrics> steps =
        Ranks.run(
                2,
                communicator -> {
                  try (Trainer trainer =
                      new Trainer(
                          plan("lenet5", "train.epochs=10", "sync.communication-dtype=" + wire),
                          hadoop,
                          communicator,
                          Optional.empty())) {
                    List<StepMetrics> all = new ArrayList<>();
                    for (int epoch = 1; epoch <= 10; epoch++) {
                      all.addAll(trainer.train((long) epoch * STEPS_PER_EPOCH, m -> {}));
                    }
                    return all;
                  }
                })
            .get(0);
    assertThat(steps).hasSize(10 * STEPS_PER_EPOCH);
    double first = steps.stream().limit(11).mapToDouble(StepMetrics::loss).average().orElseThrow();
    double last = steps.stream().skip(99).mapToDouble(StepMetrics::loss).average().orElseThrow();
    assertThat(last).isLessThan(first / 2);
    assertThat(steps.get(12).epoch()).isEqualTo(1);
    assertThat(steps).allMatch(step -> step.images() == 15);
  }

  @Test
  void aRunThatDivergesNamesTheStep() {
    TrainingPlan plan = plan("lenet5", "schedule.base-lr=1000", "schedule.warmup=none");
    assertThatThrownBy(() -> Runs.train(plan, 1, 0, 20))
        .hasMessageMatching(
            "step \\d+ \\(epoch \\d+\\) is not finite: .*; learning rate .*; nothing of it was"
                + " applied: lower schedule.base-lr, lengthen the warmup, .*");
  }

  @Test
  void aCheckpointOfAnotherNetworkIsRefusedWithBothCounts() {
    Runs.train(plan("lenet5"), 1, 0, 2);
    assertThatThrownBy(() -> Runs.train(plan("resnet20-cifar"), 1, 2, 3))
        .hasMessageMatching(
            "the checkpoint of step 2 holds \\d+ parameters and 1 optimizer arrays, expected \\d+"
                + " and 1");
  }
}
