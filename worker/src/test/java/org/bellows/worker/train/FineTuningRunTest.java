// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.models.graph.InputShape;
import org.bellows.models.layer.ParameterKind;
import org.bellows.models.network.FlatLayout;
import org.bellows.models.network.FlatLayout.ParameterSlot;
import org.bellows.models.zoo.NetworkRegistry;
import org.bellows.worker.TinyDataset;
import org.bellows.worker.checkpoint.Checkpoint;
import org.bellows.worker.checkpoint.CheckpointStore;
import org.bellows.worker.files.FloatArrays;
import org.bellows.worker.model.ModelCard;
import org.bellows.worker.model.TrainedModel;
import org.bellows.worker.network.LaneNetwork;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole runs that start from a model of other classes. */
@Tag("instructions")
@Tag("once")
@Timeout(120)
class FineTuningRunTest {
  private static final List<String> OTHER_CLASSES = List.of("a", "b", "c", "d");
  private static final String RESNET = "resnet20-cifar";

  @TempDir static Path shared;
  @TempDir Path runs;

  private static DatasetManifest manifest;
  private static float[] model;
  private final Configuration hadoop = new Configuration();

  @BeforeAll
  static void writeDatasetAndModel() throws IOException {
    manifest = TinyDataset.write(shared, 62, 20);
    model = writeModel(RESNET, OTHER_CLASSES, "other");
    writeModel(RESNET, TinyDataset.CLASSES, "same");
    writeModel("lenet5", OTHER_CLASSES, "lenet");
  }

  /** Not trained, but not what the run's seed gives either. */
  private static float[] writeModel(String network, List<String> classes, String folder) {
    InputShape input = new InputShape(1, TinyDataset.SIDE, TinyDataset.SIDE);
    try (LaneNetwork built =
        new LaneNetwork(NetworkRegistry.standard().get(network), input, classes.size(), 5)) {
      float[] parameters = new float[built.layout().length()];
      built.readParameters(parameters);
      for (ParameterSlot slot : built.layout().segments()) {
        if (slot.kind().isStatistic()) {
          // A mean of 0.25, a variance of 1.25.
          for (int i = slot.offset(); i < slot.end(); i++) {
            parameters[i] += 0.25f;
          }
        }
      }
      new TrainedModel(
              new ModelCard(
                  ModelCard.FORMAT_VERSION,
                  network,
                  input,
                  classes,
                  new float[] {0.3f},
                  new float[] {0.2f},
                  org.bellows.conf.AugmentSettings.EvaluationCrop.RESIZE,
                  0,
                  FloatArrays.sha256(parameters, parameters.length),
                  Map.of()),
              parameters)
          .write(new Configuration(), shared.resolve(folder).toString());
      return parameters;
    }
  }

  private TrainingPlan plan(String... more) {
    return TrainingPlan.of(
        hadoop,
        Runs.settings(
            shared,
            runs,
            List.of(
                "model.name=" + RESNET,
                "model.from=" + shared.resolve("other"),
                "augment.crop=resize",
                "augment.mirror=false",
                "train.epochs=3",
                "train.global-batch=12",
                "train.lane-batch=2",
                "schedule.warmup=none",
                "schedule.base-lr=0.5",
                "checkpoint.keep-last=9"),
            more),
        manifest);
  }

  private Checkpoint checkpoint(long step) {
    return new CheckpointStore(hadoop, runs.toString()).read(step);
  }

  private static FlatLayout layout(TrainingPlan plan) {
    try (LaneNetwork network =
        new LaneNetwork(plan.network(), plan.input(), plan.classes().size(), 1)) {
      return network.layout();
    }
  }

  /** Layers of which any float differs. */
  private static Set<String> changed(FlatLayout layout, float[] before, float[] after) {
    Set<String> layers = new TreeSet<>();
    for (ParameterSlot slot : layout.segments()) {
      if (!Arrays.equals(before, slot.offset(), slot.end(), after, slot.offset(), slot.end())) {
        layers.add(slot.layer());
      }
    }
    return layers;
  }

  /** 62 samples of 16 x 12 x 12 floats are half a MiB: 0 keeps none. */
  @Test
  void neitherTheCacheNorTheNumberOfWorkersChangesABit() {
    String[] frozen = {
      "model.freeze-up-to=stage2-block1-relu",
      "model.unfreeze-epochs=[\"stage1-block3-relu@1\", \"none@2\"]"
    };
    String alone = Runs.train(plan(frozen), 1, 0, 12);
    for (int ranks : new int[] {2, 3}) {
      assertThat(Runs.train(Runs.atOnce(plan(frozen), 2), ranks, 0, 12))
          .as("%d ranks", ranks)
          .isEqualTo(alone);
    }
    String[] uncached = Arrays.copyOf(frozen, 3);
    uncached[2] = "model.frozen-cache-mebibytes=0";
    for (int ranks : new int[] {1, 3}) {
      assertThat(Runs.train(Runs.atOnce(plan(uncached), 2), ranks, 0, 12))
          .as("no cache")
          .isEqualTo(alone);
    }
    assertThat(Runs.train(plan(), 1, 0, 12)).as("nothing frozen").isNotEqualTo(alone);
  }

  /** Beginning, middle and end of phases; the cache is lost each time. */
  @Test
  void aRunResumedOnOtherWorkersEndsTheSame() {
    TrainingPlan plan =
        plan(
            "model.freeze-up-to=pool",
            "model.unfreeze-epochs=[\"stage2-block3-relu@1\", \"stem-relu@2\"]",
            "optimizer.name=adamw",
            "optimizer.average-decay=0.9",
            "schedule.base-lr=0.01",
            "schedule.group-rates=[\"stage3-block1-relu@0.1\"]");
    String through = Runs.train(plan, 2, 0, 13);
    Runs.train(plan, 3, 0, 2);
    Runs.train(plan, 1, 2, 5);
    Runs.train(plan, 2, 5, 9);
    assertThat(Runs.train(plan, 3, 9, 13)).isEqualTo(through);
  }

  /** Powers of a half are exact, so both ways to say the rates come to the same bits. */
  @ParameterizedTest
  @ValueSource(strings = {"adamw", "lamb"})
  void layerDecayIsARateForEachBlock(String optimizer) {
    List<String> rates = new ArrayList<>(List.of("stem-relu@" + Math.pow(0.5, 10)));
    for (int block = 0; block < 9; block++) {
      rates.add(
          "stage%d-block%d-relu@%s"
              .formatted(block / 3 + 1, block % 3 + 1, Math.pow(0.5, 9 - block)));
    }
    String[] common = {
      "optimizer.name=" + optimizer, "optimizer.weight-decay=0.1", "schedule.base-lr=0.01"
    };
    String[] decayed = Arrays.copyOf(common, 4);
    decayed[3] = "schedule.layer-decay=0.5";
    String[] spelt = Arrays.copyOf(common, 4);
    spelt[3] = "schedule.group-rates=[\"" + String.join("\", \"", rates) + "\"]";
    String decay = Runs.train(plan(decayed), 2, 0, 2);
    assertThat(decay).isEqualTo(Runs.train(plan(spelt), 1, 0, 2));
    assertThat(decay).isNotEqualTo(Runs.train(plan(common), 1, 0, 2));
  }

  /** With every optimizer's worth of what moves parameters: decay, average, running statistics. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "optimizer.name=nesterov",
        "optimizer.name=adamw",
        "optimizer.name=lars",
        "sync.mode=averaging,sync.period-steps=7"
      })
  void whatIsFrozenStaysToTheBitUntilItIsNot(String settings) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "model.freeze-up-to=stage3-block2-relu",
                "model.unfreeze-epochs=[\"stage3-block1-relu@1\"]",
                "optimizer.weight-decay=0.1",
                "optimizer.clip-norm=1",
                "optimizer.average-decay=0.9",
                "schedule.base-lr=0.01"));
    all.addAll(List.of(settings.split(",")));
    TrainingPlan plan = plan(all.toArray(String[]::new));
    FlatLayout layout = layout(plan);
    Runs.train(plan, 2, 0, 5);
    Checkpoint frozen = checkpoint(5);
    Set<String> late =
        Set.of(
            "stage3-block3-a",
            "stage3-block3-a-norm",
            "stage3-block3-b",
            "stage3-block3-b-norm",
            "output");
    assertThat(changed(layout, model, frozen.parameters())).isEqualTo(late);
    List<float[]> state = frozen.optimizer();
    assertThat(changed(layout, model, state.get(state.size() - 1))).isEqualTo(late);
    assertThat(changed(layout, new float[layout.length()], state.get(0))).isSubsetOf(late);

    Runs.train(plan, 3, 5, 7);
    Set<String> more = new TreeSet<>(late);
    more.addAll(
        Set.of(
            "stage3-block2-a", "stage3-block2-a-norm", "stage3-block2-b", "stage3-block2-b-norm"));
    assertThat(changed(layout, model, checkpoint(7).parameters())).isEqualTo(more);
  }

  /** Random pixels are never kept, and the frozen layers still are. */
  @Test
  void randomAugmentationWorksAsWell() {
    String[] settings = {"augment.crop=padded", "model.freeze-up-to=stage1-block3-relu"};
    TrainingPlan plan = plan(settings);
    String alone = Runs.train(plan, 1, 0, 7);
    assertThat(Runs.train(plan, 3, 0, 7)).isEqualTo(alone);
    assertThat(changed(layout(plan), model, checkpoint(7).parameters()))
        .noneMatch(layer -> layer.startsWith("stem") || layer.startsWith("stage1"));
    assertThat(Runs.train(plan("model.freeze-up-to=stage1-block3-relu"), 1, 0, 7))
        .isNotEqualTo(alone);
  }

  @Test
  void aTeacherSeesThePicturesAllTheSame() {
    TrainingPlan plan =
        plan(
            "model.from=" + shared.resolve("same"),
            "model.freeze-up-to=pool",
            "loss.teacher=" + shared.resolve("same"));
    assertThat(Runs.train(plan, 3, 0, 8)).isEqualTo(Runs.train(plan, 1, 0, 8));
  }

  @Test
  void headsAreNewWhereClassesAreOthers() {
    TrainingPlan others = plan();
    assertThat(others.start().fresh()).containsExactlyInAnyOrder("output_W", "output_b");
    assertThat(others.start().taken()).contains("stem_W", "stem-norm_var").hasSize(95);
    assertThat(plan("model.from=" + shared.resolve("same")).start().fresh()).isEmpty();
    assertThat(others.start().summary("runs/other"))
        .isEqualTo(
            "starts from runs/other: 95 arrays taken, 2 new from the seed: output_W, output_b");
    Runs.train(plan("schedule.base-lr=0", "optimizer.weight-decay=0"), 1, 0, 1);
    float[] first = checkpoint(1).parameters();
    Runs.train(plan("schedule.base-lr=0", "optimizer.weight-decay=0", "train.seed=2"), 1, 0, 1);
    FlatLayout layout = layout(others);
    Set<String> moved = changed(layout, first, checkpoint(1).parameters());
    moved.removeIf(layer -> layer.endsWith("-norm"));
    assertThat(moved).as("seeds differ in").containsExactly("output");
  }

  @Test
  void normalisationAndIdentityAreTheModels() {
    TrainingPlan plan = plan();
    assertThat(plan.inputSpec().mean()).containsExactly(0.3f);
    assertThat(plan.inputSpec().standardDeviation()).containsExactly(0.2f);
    assertThat(plan("augment.mean=[0.4]").inputSpec().mean()).containsExactly(0.4f);
    assertThat(plan.identity())
        .containsEntry("model.from sha256", FloatArrays.sha256(model, model.length))
        .containsEntry("model.from mean", "[0.3]");
    assertThat(plan("model.from=").identity()).doesNotContainKey("model.from sha256");
  }

  @Test
  void ratesOfGroupsMultiplyTheSchedules() {
    TrainingPlan plan = plan("schedule.group-rates=[\"stage3-block3-relu@0\"]");
    FlatLayout layout = layout(plan);
    Runs.train(plan, 2, 0, 3);
    Set<String> changed = changed(layout, model, checkpoint(3).parameters());
    changed.removeIf(layer -> layer.endsWith("-norm"));
    assertThat(changed).as("but for running statistics").containsExactly("output");
    assertThat(Runs.train(plan("schedule.group-rates=[\"output@1\"]"), 1, 0, 3))
        .isEqualTo(Runs.train(plan(), 1, 0, 3));
  }

  /**
   * Adam's first update of an element is the rate, whenever it comes; 3.2 rates if it counted on.
   */
  @Test
  void anOptimizerCountsFromWhereAnArrayBeginsToLearn() {
    TrainingPlan plan =
        plan(
            "model.freeze-up-to=pool",
            "model.unfreeze-epochs=[\"none@2\"]",
            "optimizer.name=adam",
            "optimizer.weight-decay=0",
            "schedule.decay=constant",
            "schedule.scaling=none",
            "schedule.base-lr=0.001");
    FlatLayout layout = layout(plan);
    Runs.train(plan, 1, 0, 11);
    float[] after = checkpoint(11).parameters();
    for (ParameterSlot slot : layout.segments()) {
      float largest = 0;
      for (int i = slot.offset(); i < slot.end(); i++) {
        largest = Math.max(largest, Math.abs(after[i] - model[i]));
      }
      if (slot.kind() == ParameterKind.WEIGHT && !slot.layer().equals("output")) {
        assertThat(largest).as(slot.name()).isBetween(0.0009f, 0.00101f);
      }
    }
  }

  @Test
  void whatDoesNotFitIsToldTogether() {
    assertThatThrownBy(
            () ->
                plan(
                    "model.from=" + shared.resolve("lenet"),
                    "model.width-pixels=14",
                    "model.freeze-up-to=stage1-block1-a",
                    "model.unfreeze-epochs=[\"none@3\", \"stem@2\"]",
                    "schedule.group-rates=[\"stagee1-block1-a@0.1\"]"))
        .hasMessageContaining("the configuration has 6 problems:")
        .hasMessageContaining(
            "model.unfreeze-epochs: holds none@3, but train.epochs = 3: it would never come; allowed: 1 to 2")
        .hasMessageContaining(
            "model.unfreeze-epochs: holds none@3 and stem@2; allowed: epochs that rise")
        .hasMessageContaining(
            "schedule.group-rates: names \"stagee1-block1-a\", a layer that resnet20-cifar does not"
                + " have; did you mean stage1-block1-a?; models show resnet20-cifar lists them")
        .hasMessageContaining(
            "model.freeze-up-to: names stage1-block1-a, but not all of resnet20-cifar passes"
                + " through it; allowed: stem, stem-norm, stem-relu, stage1-block1-add,")
        .hasMessageContaining(
            "model.name: is resnet20-cifar, but model.from "
                + shared.resolve("lenet")
                + " has lenet5")
        .hasMessageContaining("model.width-pixels: is 14, but model.from ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "model.from=;model.freeze-up-to=pool|model.freeze-up-to: is pool, but model.from is empty:"
            + " layers that were never trained would stay untrained",
        "model.unfreeze-epochs=[\"pool@1\"]|model.unfreeze-epochs: is pool@1, but"
            + " model.freeze-up-to is empty",
        "model.freeze-up-to=stem;model.unfreeze-epochs=[\"pool@1\"]|model.unfreeze-epochs: holds"
            + " pool@1, which is not before stem; name a layer that is",
        "model.freeze-up-to=pool;model.unfreeze-epochs=[\"none@1\","
            + " \"stem@2\"]|model.unfreeze-epochs: holds stem@2, which is not before none; name a"
            + " layer that is",
        "model.freeze-up-to=pool;model.unfreeze-epochs=[\"none@1.5\"]|model.unfreeze-epochs: holds"
            + " none@1.5, allowed: whole epochs",
        "model.freeze-up-to=output|model.freeze-up-to: names output, but not all of resnet20-cifar",
        "model.from=/nowhere|there is no model at file:/nowhere: neither it nor"
      })
  void isRefused(String assignmentsAndMessage) {
    String[] both = assignmentsAndMessage.split("\\|");
    assertThatThrownBy(() -> plan(both[0].split(";"))).hasMessageContaining(both[1]);
  }
}
