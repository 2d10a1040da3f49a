// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bellows.conf.load.TestSettings.load;

import java.util.List;
import java.util.Map;
import org.bellows.conf.Problem;
import org.bellows.conf.Settings;
import org.bellows.conf.load.SettingsLoader;
import org.bellows.conf.load.TestSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunIdentityTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "checkpoint.interval-steps=100",
        "checkpoint.keep-last=1",
        "cluster.executor-memory-mebibytes=4096",
        "cluster.executors=4",
        "cluster.max-failures=0",
        "cluster.min-executors=2",
        "data.decode-threads=2",
        "data.path=/elsewhere",
        "data.prefetch-batches=1",
        "data.verify=sha256",
        "evaluate.batch=8",
        "evaluate.ensemble=[/elsewhere]",
        "loss.teacher=/elsewhere",
        "metrics.progress-seconds=1",
        "model.from=/elsewhere",
        "model.frozen-cache-mebibytes=0",
        "model.path=/elsewhere",
        "output.path=/elsewhere",
        "prepare.seed=7",
        "source.path=/elsewhere",
        "sync.period-steps=7",
        "sync.timeout-seconds=10",
        "train.best-metric=loss",
        "train.evaluate-every-epochs=3",
        "train.validation-split=test"
      })
  void whereAndHowItRunsTakesNoPart(String assignment) {
    assertThat(RunIdentity.of(load(assignment))).isEqualTo(RunIdentity.of(load()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "augment.crop=padded",
        "augment.mirror=false",
        "augment.padding-pixels=2",
        "cluster.cores-per-lane=2",
        "data.shuffle-window-samples=1",
        "loss.class-weights=[1, 2]",
        "loss.class-weights=balanced",
        "loss.function=binary-cross-entropy",
        "loss.label-smoothing=0.1",
        "loss.teacher-share=0.1",
        "loss.teacher-temperature=2",
        "model.channels=1",
        "model.freeze-up-to=pool",
        "model.height-pixels=32",
        "model.name=lenet5",
        "model.unfreeze-epochs=[\"none@3\"]",
        "model.width-pixels=32",
        "optimizer.average-decay=0.5",
        "optimizer.clip-norm=1",
        "optimizer.momentum=0.5",
        "optimizer.name=sgd",
        "optimizer.weight-decay=0",
        "schedule.base-batch=64",
        "schedule.base-lr=0.2",
        "schedule.decay=step",
        "schedule.scaling=none",
        "schedule.step-epochs=[1]",
        "schedule.warmup-epochs=1",
        "sync.communication-dtype=float16",
        "train.convolutions=winograd",
        "train.epochs=91",
        "train.global-batch=512",
        "train.instruction-set=avx2",
        "train.lane-batch=64",
        "train.max-samples=5000",
        "train.precision=bfloat16",
        "train.seed=2",
        "train.split=all",
        "train.step-engine=dl4j"
      })
  void whatTheResultIsAFunctionOfTakesPart(String assignment) {
    String key = assignment.substring(0, assignment.indexOf('='));
    Map<String, String> before = RunIdentity.of(load());
    Map<String, String> after = RunIdentity.of(load(assignment));
    assertThat(RunIdentity.differences("/run", before, after))
        .extracting(Problem::key)
        .containsExactly(key);
  }

  /** What is evaluated, and how often, matters to the result only where evaluations decide. */
  @ParameterizedTest
  @ValueSource(strings = {"train.early-stopping-epochs=3", "train.save=best"})
  void whereEvaluationsDecideWhatTheyDependOnTakesPart(String decides) {
    Map<String, String> before = RunIdentity.of(load(decides));
    assertThat(RunIdentity.differences("/run", RunIdentity.of(load()), before))
        .extracting(Problem::key)
        .contains(decides.substring(0, decides.indexOf('=')), "train.best-metric");
    for (String assignment :
        List.of(
            "evaluate.batch=8",
            "train.best-metric=loss",
            "train.evaluate-every-epochs=3",
            "train.validation-split=test")) {
      assertThat(RunIdentity.differences("/run", before, RunIdentity.of(load(decides, assignment))))
          .extracting(Problem::key)
          .containsExactly(assignment.substring(0, assignment.indexOf('=')));
    }
  }

  @Test
  void thePeriodTakesPartWhereParametersAreAveraged() {
    Map<String, String> averaging = RunIdentity.of(load("sync.mode=averaging"));
    assertThat(RunIdentity.differences("/run", RunIdentity.of(load()), averaging))
        .extracting(Problem::key)
        .containsExactly("sync.mode", "sync.period-steps");
    Map<String, String> rarer = RunIdentity.of(load("sync.mode=averaging", "sync.period-steps=7"));
    assertThat(RunIdentity.differences("/run", averaging, rarer))
        .extracting(Problem::key)
        .containsExactly("sync.period-steps");
  }

  @Test
  void upstreamsTrainingDependsOnTheNumberOfExecutors() {
    String[] two = TestSettings.UPSTREAM;
    String[] four = two.clone();
    four[1] = "cluster.executors=4";
    four[3] = "train.lane-batch=16";
    assertThat(
            RunIdentity.differences("/run", RunIdentity.of(load(two)), RunIdentity.of(load(four))))
        .extracting(Problem::key)
        .containsExactly("cluster.executors", "train.lane-batch");
  }

  @Test
  void differencesNameBothValuesAndTheWayOut() {
    List<Problem> differences =
        RunIdentity.differences(
            "hdfs://host/run",
            RunIdentity.of(load("train.seed=2", "train.epochs=90")),
            RunIdentity.of(load("train.seed=3", "optimizer.name=sgd")));
    assertThat(differences)
        .extracting(Problem::toString)
        .containsExactly(
            "optimizer.name: is sgd, but the run in hdfs://host/run has nesterov; resume it with"
                + " that, or give another output.path",
            "train.seed: is 3, but the run in hdfs://host/run has 2; resume it with that, or give"
                + " another output.path");
  }

  @Test
  void keyThatOneSideLacksIsADifference() {
    assertThat(RunIdentity.differences("/run", Map.of("a", "1"), Map.of("b", "2")))
        .extracting(Problem::toString)
        .containsExactly(
            "a: is nothing, but the run in /run has 1; resume it with that, or give another"
                + " output.path",
            "b: is 2, but the run in /run has nothing; resume it with that, or give another"
                + " output.path");
  }

  @Test
  void equalIdentitiesHaveNoDifference() {
    assertThat(RunIdentity.differences("/run", RunIdentity.of(load()), RunIdentity.of(load())))
        .isEmpty();
  }

  @Test
  void doesNotDependOnHowAValueIsSpelt() {
    Settings plain =
        new SettingsLoader()
            .set(List.of("augment.mirror=true", "train.epochs=90", "schedule.base-lr=0.1"))
            .load(List.of(), List.of());
    Settings other =
        new SettingsLoader()
            .set(List.of("augment.mirror=yes", "train.epochs=\"90\"", "schedule.base-lr=1e-1"))
            .load(List.of(), List.of());
    assertThat(RunIdentity.of(other)).isEqualTo(RunIdentity.of(plain));
  }
}
