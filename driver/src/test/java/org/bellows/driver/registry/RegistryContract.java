// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.bellows.data.storage.NumberedEntries;
import org.bellows.data.storage.Storage;
import org.bellows.data.storage.lease.Fence;
import org.bellows.worker.evaluate.metric.Metrics;
import org.bellows.worker.model.TrainedModel;
import org.junit.jupiter.api.Test;

/** What holds of a registry on any file system. */
public abstract class RegistryContract {
  protected final Configuration hadoop = new Configuration();
  private final Fence fence = Fence.none(hadoop);

  /** A path of its own for each test. */
  protected abstract String root();

  private ModelRegistry registry() {
    return new ModelRegistry(hadoop, root());
  }

  private void publish(RegisteredModel model, int decision, double top1) {
    model.publish(TinyVersions.draft(decision, top1, 100 * decision, decision), fence);
  }

  @Test
  void versionsAreNumberedAndOneADecision() {
    RegisteredModel model = registry().model("pets");
    assertThat(model.versions()).isEmpty();
    assertThat(model.publish(TinyVersions.draft(1, 0.5, 100, 1), fence)).isEqualTo(1);
    assertThat(model.publish(TinyVersions.draft(4, 0.6, 100, 1), fence)).isEqualTo(2);
    assertThat(model.publish(TinyVersions.draft(4, 0.7, 100, 1), fence)).isEqualTo(2);
    assertThat(model.versions()).containsExactly(1, 2);
    assertThat(model.card(2).score().value(Metrics.TOP1)).as("what was there stays").isEqualTo(0.6);
    assertThat(model.ofDecision(4)).contains(2);
    assertThat(TrainedModel.read(hadoop, model.version(2).toString()).parameters())
        .isEqualTo(TinyVersions.model(4).parameters());
    assertThat(NumberedEntries.names(hadoop, model.folder())).containsExactly("1", "2");
  }

  @Test
  void ofManyThatPublishForOneDecisionOneSucceeds() throws Exception {
    RegisteredModel model = registry().model("pets");
    List<Integer> numbers =
        atOnce(6, i -> model.publish(TinyVersions.draft(1, 0.5, 100, 1), fence));
    assertThat(numbers).containsOnly(1);
    assertThat(model.versions()).containsExactly(1);
    List<Integer> others =
        atOnce(6, i -> model.publish(TinyVersions.draft(2 + i, 0.5, 100, 1), fence));
    assertThat(others).containsExactlyInAnyOrder(2, 3, 4, 5, 6, 7);
    assertThat(NumberedEntries.names(hadoop, model.folder()))
        .containsExactly("1", "2", "3", "4", "5", "6", "7");
  }

  @Test
  void ofTwoThatPromoteOnTheSameGroundOneSucceeds() throws Exception {
    RegisteredModel model = registry().model("pets");
    publish(model, 1, 0.5);
    publish(model, 2, 0.6);
    model.promote(0, 1, 1, "the first", fence);
    List<Integer> won =
        atOnce(
            4,
            i -> {
              try {
                return model.promote(1, 2, 2, "by " + i, fence).number();
              } catch (BellowsException e) {
                assertThat(e.category()).isEqualTo(ErrorCategory.INFRASTRUCTURE);
                assertThat(e)
                    .hasMessageContaining(
                        "version 2 does not become current: version 2 became so meanwhile (by ")
                    .hasMessageEndingWith("expected 1); start again");
                return 0;
              }
            });
    assertThat(won).containsOnlyOnce(2);
    assertThat(model.pointer().all()).hasSize(2);
    assertThat(model.requireCurrent().why()).isEqualTo("by " + won.indexOf(2));
  }

  @Test
  void rollingBackGoesBackStepByStep() {
    RegisteredModel model = registry().model("pets");
    for (int i = 1; i <= 3; i++) {
      publish(model, i, 0.5);
      model.promote(i - 1, i, i, "better", fence);
    }
    assertThat(model.rollback("it looks odd").version()).isEqualTo(2);
    assertThat(model.rollback("still").version()).isEqualTo(1);
    assertThatThrownBy(() -> model.rollback("once more"))
        .hasMessage(
            "version 1 of pets is the first that was current; there is none to roll back to");
    model.promote(5, 3, null, "it was right after all", fence);
    assertThat(model.rollback("no").version()).isEqualTo(1);
    assertThat(model.pointer().all().stream().map(Promotion::version).toList())
        .containsExactly(1, 2, 3, 2, 1, 3, 1);
  }

  @Test
  void aDamagedModelIsNotPromoted() throws IOException {
    RegisteredModel model = registry().model("pets");
    publish(model, 1, 0.5);
    Path parameters = new Path(model.version(1), "model/parameters.bin");
    Storage.fileSystem(hadoop, parameters).create(parameters, true).close();
    assertThatThrownBy(() -> model.promote(0, 1, 1, "unseen", fence))
        .hasMessageContaining("parameters.bin has 0 bytes, its manifest says");
    assertThat(model.pointer().head()).isEmpty();
  }

  /** Also by hand, and also where an older Bellows has let one become so. */
  @Test
  void aVersionWithAnswersThatAreNotFiniteDoesNotBecomeCurrent() {
    RegisteredModel model = registry().model("pets");
    publish(model, 1, 0.5);
    model.publish(TinyVersions.broken(2, 6), fence);
    publish(model, 3, 0.5);
    assertThat(model.card(2).score().value(Metrics.LOSS)).isNaN();
    assertThat(model.card(2).score().notFinite()).isEqualTo(6);
    assertThatThrownBy(() -> model.promote(0, 2, null, "by hand", fence))
        .hasMessage(
            "pets:2: 6 of 24 answers on test are not finite; it cannot become the current one");
    model.promote(0, 1, 1, "the first", fence);
    TinyVersions.makeCurrent(model, 1, 2, fence);
    model.promote(2, 3, 3, "better", fence);
    assertThatThrownBy(() -> model.rollback("it looks odd"))
        .hasMessage(
            "pets:2: 6 of 24 answers on test are not finite; name the version that is to be"
                + " current (models promote)");
    assertThat(model.requireCurrent().version()).isEqualTo(3);
    assertThat(VersionDifference.of(registry().resolve("pets:1"), registry().resolve("pets:2")))
        .extracting(VersionDifference::metrics)
        .asString()
        .contains("key=held-out loss, before=0.5, after=not finite")
        .contains("key=held-out answers not finite, before=0, after=6");
  }

  @Test
  void whatIsNotThereIsSaid() {
    ModelRegistry registry = registry();
    assertThatThrownBy(() -> registry.resolve("pets"))
        .hasMessage("there is no model \"pets\" in " + models() + "; there is none");
    publish(registry.model("pets"), 1, 0.5);
    assertThatThrownBy(() -> registry.resolve("cars:1"))
        .hasMessage("there is no model \"cars\" in " + models() + "; there are: pets");
    assertThatThrownBy(() -> registry.resolve("pets:2"))
        .hasMessage("pets has no version 2; it has 1");
    assertThatThrownBy(() -> registry.resolve("pets"))
        .hasMessage("no version of pets is current; it has 1");
    assertThatThrownBy(() -> registry.resolve("pets:new"))
        .hasMessage("\"pets:new\" is not NAME or NAME:VERSION: \"new\" is not a number");
    assertThatThrownBy(() -> registry.model("../pets"))
        .hasMessageStartingWith("\"../pets\" is no name for a model in a registry");
    assertThat(registry.resolve("pets:1")).hasToString("pets:1");
  }

  private Path models() {
    return new Path(Storage.qualify(root()), "models");
  }

  @Test
  void differencesOfConfigurationMetricsAndData() {
    ModelRegistry registry = registry();
    publish(registry.model("pets"), 1, 0.5);
    publish(registry.model("pets"), 2, 0.75);
    VersionDifference difference =
        VersionDifference.of(registry.resolve("pets:1"), registry.resolve("pets:2"));
    assertThat(difference.configuration())
        .containsExactly(new VersionDifference.Change("train.epochs", "1", "2"));
    assertThat(difference.metrics())
        .containsExactly(
            new VersionDifference.Change("held-out loss", "0.5", "0.25"),
            new VersionDifference.Change("held-out top1", "0.5", "0.75"),
            new VersionDifference.Change("training steps", "10", "20"));
    assertThat(difference.data().text())
        .isEqualTo("test 24 samples as before, train 100 -> 200 samples");
    assertThat(
            VersionDifference.of(registry.resolve("pets:2"), registry.resolve("pets:2"))
                .data()
                .nothingIsNew())
        .isTrue();
  }

  /** One of several threads. */
  @FunctionalInterface
  private interface Attempt {
    int run(int number);
  }

  private static List<Integer> atOnce(int threads, Attempt attempt) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Callable<Integer>> calls = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        int number = i;
        calls.add(() -> attempt.run(number));
      }
      List<Integer> results = new ArrayList<>();
      for (Future<Integer> result : pool.invokeAll(calls)) {
        results.add(result.get());
      }
      return results;
    } finally {
      pool.shutdownNow();
    }
  }
}
