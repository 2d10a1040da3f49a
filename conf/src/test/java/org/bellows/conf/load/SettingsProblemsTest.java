// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.bellows.conf.load.TestSettings.load;
import static org.bellows.conf.load.TestSettings.problems;

import java.util.stream.Stream;
import org.bellows.conf.AugmentSettings;
import org.bellows.conf.ConfigurationException;
import org.bellows.conf.ErrorCategory;
import org.bellows.conf.OptimizerSettings;
import org.bellows.conf.Precision;
import org.bellows.conf.Problem;
import org.bellows.conf.ScheduleSettings;
import org.bellows.conf.Settings;
import org.bellows.conf.SyncMode;
import org.bellows.conf.identity.RunIdentity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsProblemsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "train.epochs=many       | train.epochs: is \"many\", allowed: a whole number from 1 to"
            + " 100000",
        "train.epochs=null       | train.epochs: is null, allowed: a whole number from 1 to 100000",
        "train.epochs=1.5        | train.epochs: is 1.5, allowed: a whole number from 1 to 100000",
        "train.epochs=NaN        | train.epochs: is \"NaN\", allowed: a whole number from 1 to"
            + " 100000",
        "train.epochs=0          | train.epochs: is 0, allowed: a whole number from 1 to 100000",
        "train.epochs=100001     | train.epochs: is 100001, allowed: a whole number from 1 to"
            + " 100000",
        "train.epochs=1e30       | train.epochs: is 1.0E30, allowed: a whole number from 1 to"
            + " 100000",
        "optimizer.momentum=NaN  | optimizer.momentum: is NaN, allowed: a number from 0 to 0.9999",
        "optimizer.momentum=1    | optimizer.momentum: is 1.0, allowed: a number from 0 to 0.9999",
        "optimizer.momentum=-0.1 | optimizer.momentum: is -0.1, allowed: a number from 0 to 0.9999",
        "augment.mirror=perhaps  | augment.mirror: is \"perhaps\", allowed: true or false",
        "augment.crop=paded      | augment.crop: is \"paded\", allowed: resize, centre,"
            + " padded, random-resized or random-scale; did you mean padded?",
        "augment.crop=RESIZE     | augment.crop: is \"RESIZE\", allowed: resize, centre,"
            + " padded, random-resized or random-scale",
        "schedule.step-epochs=5  | schedule.step-epochs: is 5, allowed: a list of numbers from 0 to"
            + " 100000",
        "schedule.step-epochs=[5, -1] | schedule.step-epochs: holds -1.0, allowed: a list of"
            + " numbers from 0 to 100000",
        "schedule.step-epochs=[5, NaN] | schedule.step-epochs: holds NaN, allowed: a list of"
            + " numbers from 0 to 100000",
        "loss.class-weights=balancd | loss.class-weights: is \"balancd\", allowed: balanced,"
            + " median-frequency or a list of numbers from 0.000001 to 1000000",
        "loss.class-weights=[1, 0] | loss.class-weights: holds 0.0, allowed: balanced,"
            + " median-frequency or a list of numbers from 0.000001 to 1000000",
        "loss.positive-weights=median-frequency | loss.positive-weights: is \"median-frequency\","
            + " allowed: balanced or a list of numbers from 0.000001 to 1000000",
        "evaluate.ensemble=/runs/a | evaluate.ensemble: is \"/runs/a\", allowed: a list of paths,"
            + " in quotation marks where they hold a colon",
        "evaluate.ensemble=[/runs/a, \"\"] | evaluate.ensemble: holds an empty path",
      })
  void valueIsNotAllowed(String assignment, String message) {
    assertThat(problems(assignment)).containsExactly(message);
  }

  @Test
  void passwordsInAddressesAreRefusedAndNotRepeated() {
    String problem =
        "holds a password (NAME:PASSWORD@...), which would be written to logs and results; allowed:"
            + " an address without one (docs/security.md says where credentials go)";
    assertThat(problems("output.path=s3a://AKIA1:s3cr3t@pictures/runs"))
        .containsExactly("output.path: " + problem);
    assertThat(problems("evaluate.ensemble=[\"s3a://AKIA1:s3cr3t@pictures/run\"]"))
        .containsExactly("evaluate.ensemble: " + problem);
    assertThat(
            load(
                    "output.path=abfs://pictures@site.dfs.core.windows.net/runs",
                    "data.path=hdfs://namenode:8020/user@home/a:b@c")
                .output()
                .path())
        .isEqualTo("abfs://pictures@site.dfs.core.windows.net/runs");
  }

  @Test
  void globalBatchIsAMultipleOfTheLaneBatch() {
    assertThat(problems("train.global-batch=100", "train.lane-batch=32"))
        .containsExactly(
            "train.global-batch: is 100, which is not a multiple of train.lane-batch = 32; allowed:"
                + " such as 96 or 128");
    assertThat(problems("train.global-batch=8", "train.lane-batch=16", "cluster.executors=1"))
        .containsExactly(
            "train.global-batch: is 8, which is not a multiple of train.lane-batch = 16; allowed:"
                + " such as 16");
  }

  @Test
  void everyExecutorHostsALane() {
    assertThat(problems("train.global-batch=64", "train.lane-batch=32", "cluster.executors=3"))
        .containsExactly(
            "cluster.executors: is 3, but train.global-batch / train.lane-batch = 64 / 32 gives"
                + " only 2 lanes; allowed: 1 to 2");
    assertThat(
            load("train.global-batch=64", "train.lane-batch=32", "cluster.executors=2")
                .train()
                .lanes())
        .isEqualTo(2);
  }

  @Test
  void noMoreLanesAreComputedAtOnceThanAnExecutorHas() {
    String[] five = {"train.global-batch=40", "train.lane-batch=8", "cluster.executors=2"};
    assertThat(problems(five[0], five[1], five[2], "cluster.lanes-at-once=4"))
        .containsExactly(
            "cluster.lanes-at-once: is 4, but the most that one of cluster.executors = 2 has of the"
                + " 5 lanes (train.global-batch / train.lane-batch) is 3; allowed: 1 to 3");
    assertThat(
            load(five[0], five[1], five[2], "cluster.lanes-at-once=3", "cluster.cores-per-lane=2")
                .cluster()
                .coresPerExecutor())
        .isEqualTo(6);
  }

  @Test
  void noMoreExecutorsAreNeededThanAskedFor() {
    assertThat(problems("cluster.executors=2", "cluster.min-executors=3"))
        .containsExactly(
            "cluster.min-executors: is 3, more than cluster.executors = 2; allowed: 1 to 2");
  }

  @Test
  void winogradComputesInFloats() {
    assertThat(problems("train.convolutions=winograd", "train.precision=bfloat16"))
        .containsExactly(
            "train.precision: is bfloat16, but train.convolutions = winograd computes in float32"
                + " alone; allowed: float32");
  }

  @Test
  void tf32NeedsAGpu() {
    assertThat(problems("train.precision=tf32", "evaluate.precision=tf32"))
        .containsExactly(
            "train.precision: is tf32, which only GPUs compute in, but train.device = cpu; allowed:"
                + " float32 and bfloat16",
            "evaluate.precision: is tf32, which only GPUs compute in, but evaluate.device = cpu;"
                + " allowed: float32 and bfloat16");
    assertThat(TestSettings.load("train.precision=tf32", "train.device=gpu").train().precision())
        .isEqualTo(Precision.TF32);
  }

  @Test
  void winogradAndBfloat16NeedAvx512() {
    assertThat(problems("train.convolutions=winograd", "train.instruction-set=avx2"))
        .containsExactly(
            "train.instruction-set: is avx2, but train.convolutions = winograd and train.precision"
                + " = bfloat16 need AVX-512; allowed: auto and avx512");
  }

  @Test
  void averagingIsNotRoundedAndSavedWhereLanesMeet() {
    assertThat(
            problems(
                "sync.mode=averaging",
                "sync.period-steps=4",
                "sync.communication-dtype=float16",
                "train.batch-norm-moments=global-batch",
                "checkpoint.interval-steps=10"))
        .containsExactly(
            "sync.communication-dtype: is float16, but sync.mode = averaging sends parameters and"
                + " optimizer state, which rounding would spoil; allowed: float32",
            "train.batch-norm-moments: is global-batch, but with sync.mode = averaging each lane"
                + " takes steps of its own; allowed: lane",
            "checkpoint.interval-steps: is 10, but parameters are averaged every sync.period-steps"
                + " = 4; allowed: a multiple of 4, or 0");
    assertThat(
            load("sync.mode=averaging", "sync.period-steps=4", "checkpoint.interval-steps=12")
                .sync()
                .periodSteps())
        .isEqualTo(4);
    assertThat(load("sync.period-steps=4", "checkpoint.interval-steps=10").sync().mode())
        .isEqualTo(SyncMode.EVERY_STEP);
  }

  private static String[] upstreamWith(String... more) {
    return Stream.concat(Stream.of(TestSettings.UPSTREAM), Stream.of(more)).toArray(String[]::new);
  }

  @Test
  void upstreamsTrainerIsAskedForNothingThatItCannotDo() {
    assertThat(load(TestSettings.UPSTREAM).sync().mode()).isEqualTo(SyncMode.DL4J_SPARK);
    assertThat(load(upstreamWith("optimizer.name=sgd")).optimizer().name())
        .isEqualTo(OptimizerSettings.OptimizerName.SGD);
    assertThat(
            problems(
                upstreamWith(
                    "train.global-batch=128",
                    "train.step-engine=onednn",
                    "train.device=gpu",
                    "train.non-finite=skip",
                    "train.validation-split=test",
                    "train.save=best",
                    "train.early-stopping-epochs=2",
                    "optimizer.name=lars",
                    "optimizer.weight-decay-l1=0.5",
                    "optimizer.clip-norm=1",
                    "optimizer.clip-value=1",
                    "optimizer.average-decay=0.9",
                    "optimizer.sharpness-radius=0.05",
                    "schedule.warmup=gradual",
                    "schedule.decay=cosine",
                    "schedule.group-rates=[\"conv1@0.1\"]",
                    "schedule.layer-decay=0.75",
                    "augment.repeats=2",
                    "model.from=/model",
                    "loss.function=binary-cross-entropy",
                    "loss.label-smoothing=0.1",
                    "loss.class-weights=balanced",
                    "loss.teacher=/teacher",
                    "sync.communication-dtype=float16")))
        .contains(
            "train.global-batch: is 128, which sync.mode = dl4j-spark cannot do; allowed: 64, a"
                + " lane of train.lane-batch = 32 for each of cluster.executors = 2",
            "optimizer.name: is lars, which sync.mode = dl4j-spark cannot do; allowed: sgd,"
                + " nesterov or adam",
            "schedule.decay: is cosine, which sync.mode = dl4j-spark cannot do; allowed: constant")
        .filteredOn(problem -> problem.contains("dl4j-spark cannot do"))
        .extracting(problem -> problem.substring(0, problem.indexOf(':')))
        .containsExactlyInAnyOrder(
            "train.global-batch",
            "train.step-engine",
            "train.device",
            "train.non-finite",
            "train.save",
            "train.early-stopping-epochs",
            "optimizer.name",
            "optimizer.weight-decay-l1",
            "optimizer.clip-norm",
            "optimizer.clip-value",
            "optimizer.average-decay",
            "optimizer.sharpness-radius",
            "schedule.warmup",
            "schedule.decay",
            "schedule.group-rates",
            "schedule.layer-decay",
            "augment.repeats",
            "model.from",
            "loss.function",
            "loss.label-smoothing",
            "loss.class-weights",
            "loss.teacher",
            "sync.communication-dtype");
    assertThat(problems(upstreamWith("optimizer.weight-decay-form=decoupled")))
        .containsExactly(
            "optimizer.weight-decay-form: is decoupled, which sync.mode = dl4j-spark cannot do;"
                + " allowed: l2");
  }

  @Test
  void aCropShareNeedsACropOfAllowedSize() {
    String share = "augment.evaluation-crop-share=";
    assertThat(TestSettings.load(share + "0.95").augment().evaluationResizePixels(224, 224))
        .isEqualTo(235);
    assertThat(TestSettings.load(share + "0.875").augment().evaluationResizePixels(160, 224))
        .isEqualTo(256);
    assertThat(TestSettings.load(share + "0").augment().evaluationResizePixels(224, 224)).isZero();
    assertThat(problems(share + "0.95", "augment.evaluation-crop=resize"))
        .containsExactly(
            "augment.evaluation-crop-share: is 0.95, but augment.evaluation-crop = resize cuts"
                + " nothing out; allowed: 0, or centre or ten-crop");
    assertThat(problems(share + "1", "augment.evaluation-crop=ten-crop"))
        .containsExactly(
            "augment.evaluation-crop-share: is 1, by which an image of 224 x 224 is cut out of one"
                + " resized to 224 pixels; allowed: 225 to 4096 pixels");
    assertThat(problems(share + "0.05"))
        .containsExactly(
            "augment.evaluation-crop-share: is 0.05, by which an image of 224 x 224 is cut out of"
                + " one resized to 4480 pixels; allowed: 224 to 4096 pixels");
  }

  @Test
  void sharpnessNeedsOneGradientOfAllLanes() {
    String radius = "optimizer.sharpness-radius=0.05";
    assertThat(problems(radius, "sync.mode=averaging"))
        .containsExactly(
            "optimizer.sharpness-radius: is 0.05, but with sync.mode = averaging each lane takes"
                + " steps of its own; allowed: 0");
    assertThat(problems(radius, "sync.communication-dtype=float16"))
        .containsExactly(
            "optimizer.sharpness-radius: is 0.05, but sync.communication-dtype = float16 rounds the"
                + " parameters that it moves; allowed: 0, or float32");
  }

  @Test
  void repeatsDivideTheLanes() {
    assertThat(problems("train.global-batch=256", "train.lane-batch=32", "augment.repeats=3"))
        .containsExactly(
            "augment.repeats: is 3, but train.global-batch = 256 and train.lane-batch = 32 make 8"
                + " lanes, which cannot be divided by it; allowed: a divisor of 8");
    assertThat(TestSettings.load("train.global-batch=96", "augment.repeats=3").augment().repeats())
        .isEqualTo(3);
  }

  @Test
  void cooldownNeedsAnEndAndRoom() {
    assertThat(problems("schedule.cooldown-epochs=2", "schedule.decay=step"))
        .containsExactly(
            "schedule.cooldown-epochs: is 2, but schedule.decay = step has no lowest rate to stay"
                + " at; allowed: 0, or cosine or polynomial decay");
    assertThat(
            problems("train.epochs=10", "schedule.warmup-epochs=5", "schedule.cooldown-epochs=6"))
        .containsExactly(
            "schedule.cooldown-epochs: is 6, which with 5 epochs of warmup is longer than"
                + " train.epochs = 10; allowed: 0 to 5");
  }

  @Test
  void warmupEndsWithinTheRun() {
    assertThat(problems("train.epochs=3", "schedule.warmup-epochs=4"))
        .containsExactly(
            "schedule.warmup-epochs: is 4, longer than train.epochs = 3; allowed: 0 to 3, or auto,"
                + " or schedule.warmup = none");
    assertThat(
            load("train.epochs=3", "schedule.warmup-epochs=4", "schedule.warmup=none")
                .train()
                .epochs())
        .isEqualTo(3);
    assertThat(problems("schedule.warmup-epochs=long"))
        .containsExactly(
            "schedule.warmup-epochs: is \"long\", allowed: auto or a number from 0 to 100000");
    assertThat(problems("schedule.warmup-epochs=-1"))
        .containsExactly(
            "schedule.warmup-epochs: is -1.0, allowed: auto or a number from 0 to 100000");
    assertThat(problems("schedule.warmup-epochs=NaN"))
        .containsExactly(
            "schedule.warmup-epochs: is NaN, allowed: auto or a number from 0 to 100000");
  }

  /** Runs that began while the default was 5 hold 5, and those without a warmup hold it, too. */
  @ParameterizedTest
  @CsvSource({
    "90, gradual, 5",
    "5, gradual, 5",
    "4, gradual, 0.4",
    "3, constant, 0.3",
    "1, gradual, 0.1",
    "1, none, 5"
  })
  void aWarmupWithoutANumberFitsTheRun(int epochs, String warmup, double expected) {
    Settings settings = load("train.epochs=" + epochs, "schedule.warmup=" + warmup);
    assertThat(settings.schedule().warmupEpochs()).isEqualTo(expected);
    assertThat(RunIdentity.of(settings))
        .containsEntry("schedule.warmup-epochs", Double.toString(expected));
    assertThat(settings.effectiveJson()).doesNotContain("NaN");
  }

  @Test
  void aOneCycleScheduleHasNoWarmupBesideItsOwnRise() {
    assertThat(problems("schedule.decay=one-cycle"))
        .containsExactly(
            "schedule.warmup: is gradual, but schedule.decay = one-cycle begins with a rise of its"
                + " own; allowed: none");
    assertThat(load("schedule.decay=one-cycle", "schedule.warmup=none").schedule().decay())
        .isEqualTo(ScheduleSettings.Decay.ONE_CYCLE);
  }

  @Test
  void theLossFunctionTakesNothingThatItWouldLeaveOut() {
    assertThat(problems("loss.function=binary-cross-entropy", "loss.class-weights=balanced"))
        .containsExactly(
            "loss.class-weights: is balanced, which loss.function = binary-cross-entropy does not"
                + " take; allowed: []");
    assertThat(problems("loss.positive-weights=[1, 2.5]"))
        .containsExactly(
            "loss.positive-weights: is [1.0, 2.5], which loss.function = cross-entropy does not"
                + " take; allowed: []");
    assertThat(problems("loss.positive-weights=balanced"))
        .containsExactly(
            "loss.positive-weights: is balanced, which loss.function = cross-entropy does not"
                + " take; allowed: []");
    assertThat(problems("loss.target-threshold=0.2"))
        .containsExactly(
            "loss.target-threshold: is 0.2, which loss.function = cross-entropy does not take;"
                + " allowed: 0");
  }

  @Test
  void larsDoesNotDecouple() {
    assertThat(problems("optimizer.name=lars", "optimizer.weight-decay-form=decoupled"))
        .containsExactly(
            "optimizer.weight-decay-form: is decoupled, but lars takes weight decay into its trust"
                + " ratio; allowed: l2");
  }

  @Test
  void whatEvaluationsDecideNeedsASplitToEvaluate() {
    assertThat(problems("train.early-stopping-epochs=2", "train.validation-split="))
        .containsExactly(
            "train.early-stopping-epochs: needs evaluations, but train.validation-split is empty;"
                + " name a split there, or allowed: 0");
    assertThat(problems("train.save=best", "train.validation-split="))
        .containsExactly(
            "train.save: needs evaluations, but train.validation-split is empty; name a split"
                + " there, or allowed: last");
  }

  @Test
  void stepEpochsRise() {
    assertThat(problems("schedule.step-epochs=[30, 30]"))
        .containsExactly(
            "schedule.step-epochs: are 30 and 30; allowed: each greater than the one before");
    assertThat(problems("schedule.step-epochs=[60, 30, 20]"))
        .containsExactly(
            "schedule.step-epochs: are 60, 30 and 20; allowed: each greater than the one before");
  }

  @Test
  void rangesOfTheRandomCropAreNotReversed() {
    assertThat(problems("augment.scale-min=0.5", "augment.scale-max=0.25"))
        .containsExactly(
            "augment.scale-min: is 0.5, more than augment.scale-max = 0.25; allowed: at most that");
    assertThat(problems("augment.ratio-min=2", "augment.ratio-max=1"))
        .containsExactly(
            "augment.ratio-min: is 2.0, more than augment.ratio-max = 1.0; allowed: at most that");
  }

  @Test
  void resizedImageHoldsTheCrop() {
    assertThat(
            problems("augment.resize-pixels=60", "model.height-pixels=48", "model.width-pixels=64"))
        .containsExactly(
            "augment.resize-pixels: is 60, smaller than the crop of 48 x 64 (model.height-pixels x"
                + " model.width-pixels); allowed: 0 or at least 64");
    // Nothing is cut out of it here: the window of a random-scale crop may be larger than the
    // image.
    assertThat(
            load(
                    "augment.crop=random-scale",
                    "augment.evaluation-crop=resize",
                    "augment.resize-pixels=60")
                .augment()
                .resizePixels())
        .isEqualTo(60);
  }

  @Test
  void tenCropNeedsRoomForCorners() {
    assertThat(problems("augment.evaluation-crop=ten-crop"))
        .containsExactly(
            "augment.resize-pixels: is 0, but augment.evaluation-crop = ten-crop cuts corners of"
                + " 224 x 224 out of the resized image; allowed: more than 224");
    assertThat(
            load("augment.evaluation-crop=ten-crop", "augment.resize-pixels=256")
                .augment()
                .evaluationCrop())
        .isEqualTo(AugmentSettings.EvaluationCrop.TEN_CROP);
  }

  @Test
  void greyInputHasNoColourToChange() {
    assertThat(
            problems(
                "model.channels=1",
                "augment.saturation=0.4",
                "augment.hue=0.1",
                "augment.lighting-deviation=0.1",
                "augment.mean=[0.4, 0.5, 0.6]"))
        .containsExactly(
            "augment.saturation: is 0.4, but model.channels = 1 has no colour; allowed: 0, or 3"
                + " channels",
            "augment.hue: is 0.1, but model.channels = 1 has no colour; allowed: 0, or 3 channels",
            "augment.lighting-deviation: is 0.1, but model.channels = 1 has no colour; allowed: 0,"
                + " or 3 channels",
            "augment.mean: holds 3 numbers, but model.channels = 1; allowed: none, or one a"
                + " channel");
  }

  @Test
  void mixingNeedsTwoSamples() {
    assertThat(problems("augment.mix=cutmix", "train.lane-batch=1"))
        .containsExactly(
            "augment.mix: is cutmix, but train.lane-batch = 1 has no second sample to mix with;"
                + " allowed: none, or at least 2 samples");
  }

  @Test
  void erasedAreaIsNotReversed() {
    assertThat(problems("augment.erasing-area-min=0.5"))
        .containsExactly(
            "augment.erasing-area-min: is 0.5, more than augment.erasing-area-max = 0.4; allowed:"
                + " at most that");
  }

  @Test
  void theCacheLiesOnALocalDisk() {
    assertThat(problems("data.cache-path=hdfs://host/cache"))
        .containsExactly("data.cache-path: is hdfs://host/cache, allowed: a local folder");
    assertThat(load("data.cache-path=/scratch").data().cachePath()).isEqualTo("/scratch");
  }

  @Test
  void curvesAreSentToAServerAndItsPasswordIsNotPrinted() {
    assertThat(problems("watch.mlflow-uri=ftp://host"))
        .containsExactly(
            "watch.mlflow-uri: is ftp://host, allowed: http://host:port or https://host:port, or"
                + " empty");
    assertThat(problems("watch.mlflow-uri=https://planted@host"))
        .containsExactly(
            "watch.mlflow-uri: holds a user name, which would be printed with the configuration;"
                + " give a token by watch.mlflow-token-file");
    assertThat(problems("watch.mlflow-uri=https://me:planted@host"))
        .singleElement()
        .asString()
        .startsWith("watch.mlflow-uri: holds a password")
        .doesNotContain("planted");
    assertThat(problems("watch.mlflow-uri=http://host:5000", "watch.mlflow-experiment="))
        .containsExactly(
            "watch.mlflow-experiment: is empty, but watch.mlflow-uri is set; give a name, or no"
                + " address");
  }

  @Test
  void sharesOfSplitsSumToOne() {
    String allowed =
        ", allowed: {NAME: SHARE, ...}, names of letters, digits, - and _, shares above 0 that sum"
            + " to 1; or {}";
    assertThat(load("prepare.split={train: 0.8, validation: 0.1, test: 0.1}").prepare().split())
        .containsExactly(entry("test", 0.1), entry("train", 0.8), entry("validation", 0.1));
    assertThat(load("prepare.split.train=0.5", "prepare.split.test=0.5").prepare().split())
        .containsOnlyKeys("train", "test");
    assertThat(problems("prepare.split={train: 0.8, test: 0.1}"))
        .containsExactly("prepare.split: is {test: 0.1, train: 0.8}, which sums to 0.9" + allowed);
    assertThat(problems("prepare.split={train: 1.5}"))
        .containsExactly("prepare.split: is {\"train\":1.5}" + allowed);
    assertThat(problems("prepare.split={a b: 1}"))
        .containsExactly("prepare.split: is {\"a b\":1}" + allowed);
    assertThat(problems("prepare.split=0.8")).containsExactly("prepare.split: is 0.8" + allowed);
  }

  @Test
  void whatSparkReadsHasAFormatAndNoPasswords() {
    assertThat(
            problems(
                "source.format=spark",
                "source.spark-options=[\"url=jdbc:x\", \"dbtable\", \"password=sesame\","
                    + " \"Token=env:T\"]"))
        .containsExactly(
            "source.spark-format: is empty, but source.format is spark; allowed: what Spark reads"
                + " with, such as orc, delta or jdbc",
            "source.spark-options: holds \"dbtable\", allowed: NAME=VALUE",
            "source.spark-options: holds the value of password, which would be written to logs and"
                + " results; allowed: env:NAME, an environment variable's");
  }

  @Test
  void pathsOfSplitsAreRegularExpressions() {
    String allowed =
        ", allowed: {NAME: EXPRESSION, ...}, names of letters, digits, - and _, regular expressions"
            + " of whole paths; or {}";
    assertThat(load("prepare.split-paths={test: \"image/2[4-9][.]png\"}").prepare().splitPaths())
        .containsExactly(entry("test", "image/2[4-9][.]png"));
    assertThat(problems("prepare.split-paths={test: \"2[4\"}"))
        .containsExactly("prepare.split-paths: is {\"test\":\"2[4\"}" + allowed);
    assertThat(problems("prepare.split-paths={test: \"\"}"))
        .containsExactly("prepare.split-paths: is {\"test\":\"\"}" + allowed);
    assertThat(problems("prepare.split-paths={a b: x}"))
        .containsExactly("prepare.split-paths: is {\"a b\":\"x\"}" + allowed);
    assertThat(problems("prepare.split-paths={test: 0.2}"))
        .containsExactly("prepare.split-paths: is {\"test\":0.2}" + allowed);
  }

  @Test
  void everythingWrongIsToldAtOnce() {
    assertThatThrownBy(
            () ->
                load(
                    "train.epoch=3",
                    "train.lane-batch=0",
                    "train.global-batch=100",
                    "optimizer.momentum=NaN",
                    "optimizer.name=adamm",
                    "cluster.min-executors=5",
                    "augment.scale-min=0.9",
                    "augment.scale-max=0.5",
                    "nonsense"))
        .isInstanceOfSatisfying(
            ConfigurationException.class,
            e -> {
              assertThat(e.category()).isEqualTo(ErrorCategory.CONFIGURATION);
              assertThat(e.problems())
                  .extracting(Problem::key)
                  .containsExactlyInAnyOrder(
                      "train.epoch",
                      "train.lane-batch",
                      "train.global-batch",
                      "optimizer.momentum",
                      "optimizer.name",
                      "cluster.min-executors",
                      "augment.scale-min",
                      "--set nonsense");
              assertThat(e.getMessage()).startsWith("the configuration has 8 problems:\n");
              e.problems()
                  .forEach(problem -> assertThat(e.getMessage()).contains("\n  " + problem));
            });
  }

  @Test
  void oneProblemIsCalledOne() {
    assertThatThrownBy(() -> load("train.epochs=0"))
        .hasMessage(
            """
            the configuration has a problem:
              train.epochs: is 0, allowed: a whole number from 1 to 100000\
            """);
  }
}
