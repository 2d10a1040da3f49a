package org.bellows.worker.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.Settings;
import org.bellows.conf.SettingsLoader;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.models.network.NetworkRegistry;
import org.bellows.worker.Ranks;
import org.bellows.worker.TinyDataset;
import org.bellows.worker.checkpoint.Checkpoint;
import org.bellows.worker.checkpoint.CheckpointStore;
import org.bellows.worker.metrics.StepMetrics;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole runs over real sockets; ranks are threads here, processes in the driver's tests. */
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
    List<String> assignments =
        new ArrayList<>(
            List.of(
                "data.path=" + shared,
                "output.path=" + runs,
                "model.name=" + network,
                "model.channels=1",
                "model.height-pixels=12",
                "model.width-pixels=12",
                "augment.crop=padded",
                "augment.padding-pixels=1",
                "train.epochs=" + EPOCHS,
                "train.global-batch=15",
                "train.lane-batch=3",
                "schedule.base-lr=0.8",
                "schedule.warmup-epochs=0.5",
                "data.shuffle-window-samples=13",
                "checkpoint.keep-last=9"));
    assignments.addAll(List.of(more));
    Settings settings =
        new SettingsLoader()
            .set(assignments)
            .load(List.of(), List.of(NetworkRegistry.standard()::check));
    return new TrainingPlan(settings, manifest);
  }

  /** Trains from one step to another, with a checkpoint at the end; the hash is every rank's. */
  private String train(TrainingPlan plan, int ranks, long from, long to) {
    CheckpointStore store = new CheckpointStore(hadoop, runs.toString());
    Optional<Checkpoint> start = from == 0 ? Optional.empty() : Optional.of(store.read(from));
    List<String> hashes =
        Ranks.run(
            ranks,
            exchange -> {
              try (Trainer trainer = new Trainer(plan, hadoop, exchange, start)) {
                while (trainer.step() < to) {
                  long epochEnd = (trainer.step() / STEPS_PER_EPOCH + 1) * STEPS_PER_EPOCH;
                  trainer.train(Math.min(epochEnd, to), metrics -> {});
                }
                trainer.checkpoint();
                trainer.awaitCheckpoint();
                return trainer.parametersSha256();
              }
            });
    assertThat(hashes).containsOnly(hashes.get(0));
    return hashes.get(0);
  }

  @ParameterizedTest
  @ValueSource(strings = {"lenet5", "resnet20-cifar"})
  void theNumberOfWorkersDoesNotChangeABit(String network) {
    TrainingPlan plan = plan(network);
    long end = network.equals("lenet5") ? EPOCHS * STEPS_PER_EPOCH : 4;
    String alone = train(plan, 1, 0, end);
    for (int ranks : new int[] {2, 3, 5}) {
      assertThat(train(plan, ranks, 0, end)).isEqualTo(alone);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"lenet5", "resnet20-cifar"})
  void aRunResumedInTheMiddleOfAnEpochOnOtherWorkersEndsTheSame(String network) {
    TrainingPlan plan = plan(network);
    String through = train(plan, 2, 0, 14);
    train(plan, 3, 0, 4);
    train(plan, 1, 4, 13);
    assertThat(train(plan, 5, 13, 14)).isEqualTo(through);
  }

  /** Not only the parameters: the files of a checkpoint are the same bytes whoever wrote them. */
  @Test
  void checkpointsDoNotDependOnWhoWroteThem() throws IOException {
    TrainingPlan plan = plan("lenet5");
    Path folder = runs.resolve("checkpoints/step-000000005");
    List<List<byte[]>> written = new ArrayList<>();
    for (int ranks : new int[] {1, 3}) {
      train(plan, ranks, 0, 5);
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

  @Test
  void everySettingThatMattersChangesTheResult() {
    String base = train(plan("lenet5"), 1, 0, 3);
    for (String changed :
        List.of(
            "train.seed=2",
            "schedule.base-lr=0.7",
            "optimizer.momentum=0.8",
            "optimizer.weight-decay=0.01",
            "augment.mirror=false",
            "data.shuffle-window-samples=14",
            "train.lane-batch=5")) {
      assertThat(train(plan("lenet5", changed), 1, 0, 3)).as(changed).isNotEqualTo(base);
    }
  }

  @Test
  void theLossFallsAndTheMetricsSaySo() {
    List<StepMetrics> steps =
        Ranks.run(
                2,
                exchange -> {
                  try (Trainer trainer =
                      new Trainer(plan("lenet5"), hadoop, exchange, Optional.empty())) {
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
    assertThatThrownBy(() -> train(plan, 1, 0, 20))
        .hasMessageMatching(
            "step \\d+ \\(epoch \\d+\\) is not finite: .*; learning rate .*; nothing of it was"
                + " applied: lower schedule.base-lr, lengthen the warmup, .*");
  }

  @Test
  void aCheckpointOfAnotherNetworkIsRefusedWithBothCounts() {
    train(plan("lenet5"), 1, 0, 2);
    assertThatThrownBy(() -> train(plan("resnet20-cifar"), 1, 2, 3))
        .hasMessageMatching(
            "the checkpoint of step 2 holds \\d+ parameters and 1 optimizer arrays, expected \\d+"
                + " and 1");
  }
}
