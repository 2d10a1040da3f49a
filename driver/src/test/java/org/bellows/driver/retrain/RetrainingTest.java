// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.retrain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.manifest.PixelClass;
import org.bellows.data.storage.NumberedEntries;
import org.bellows.driver.registry.RegisteredModel;
import org.bellows.driver.registry.TinyVersions;
import org.bellows.worker.evaluate.metric.Metrics;
import org.bellows.worker.model.TrainedModel;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is decided and left behind, without Spark, also by starts that died. */
@Tag("integration")
class RetrainingTest extends RetrainingFixture {
  @Test
  void nights() {
    RegisteredModel model = model("nights");
    assertThat(night(model, 100).why()).isEqualTo("there was no current version");
    RetrainResult better = night(model, 200);
    assertThat(better.outcome()).isEqualTo("promoted");
    assertThat(better.why())
        .isEqualTo(
            "top1 on test (24 images) 0.1000 -> 0.2000: better by 0.1000, needed: better by 0.0100"
                + " or more");
    assertThat(better.decision().data().text())
        .isEqualTo("test 24 samples as before, train 100 -> 200 samples");
    assertThat(night(model, 205).outcome()).as("by too little").isEqualTo("kept");
    RetrainResult worse = night(model, 600);
    assertThat(worse.outcome()).isEqualTo("kept");
    assertThat(worse.current()).isEqualTo(2);
    assertThat(worse.decision().version()).isEqualTo(4);
    RetrainResult unchanged = night(model, 600);
    assertThat(unchanged.outcome()).isEqualTo("unchanged");
    assertThat(unchanged.why()).startsWith("the dataset is the one that decision 4 was made on");
    assertThat(unchanged.current()).isEqualTo(2);
    assertThat(model.versions()).containsExactly(1, 2, 3, 4);
    assertThat(model.card(4).startedFrom()).isEqualTo(2);
    assertThat(history(model).decisions())
        .extracting(Decision::decision)
        .containsExactly(1, 2, 3, 4);
  }

  /** Their dataset has no classes of samples. */
  @Test
  void networksForPixelsAreComparedByTheirClassesOfPixels() {
    RegisteredModel model = model("pixels");
    assertThat(pixelNight(model, 100, TinyVersions.CLASSES).current()).isEqualTo(1);
    assertThat(pixelNight(model, 200, TinyVersions.CLASSES).current()).isEqualTo(2);
    assertThatThrownBy(() -> pixelNight(model, 300, List.of("road", "sky", "tree")))
        .hasMessageStartingWith("the classes of data are not those of pixels:2")
        .hasMessageContaining("(3 and 2, or others");
  }

  @Test
  void oneClassAndAnyNumberOfClassesAreNotCompared() {
    RegisteredModel model = model("several");
    assertThat(night(model, 100).current()).isEqualTo(1);
    DatasetManifest several = TinyVersions.dataset(200).withSeveralLabels();
    RetrainSetup setup =
        new RetrainSetup(
            "data", "lenet5", true, new PromotionRule(Metrics.LOSS, 0.01), Map.of(), "development");
    Retraining next =
        new Retraining(
            model, history(model), setup, new TinyWork(hadoop, 200, several), none, said::add);
    assertThatThrownBy(next::run)
        .hasMessage(
            "an image of data has any number of classes, but one of the dataset of several:1, the current version, has one class, so the two cannot be compared; give another registry.name");
    assertThat(history(model).open()).as("an open plan").isEmpty();
  }

  private RetrainResult pixelNight(RegisteredModel model, int samples, List<String> classes) {
    DatasetManifest labelled = TinyVersions.dataset(samples);
    List<PixelClass> pixelClasses =
        IntStream.range(0, classes.size())
            .mapToObj(label -> PixelClass.of(label, classes.get(label)))
            .toList();
    DatasetManifest pixels =
        DatasetManifest.of(List.of(), labelled.splits(), pixelClasses, labelled.provenance());
    return start(model, new TinyWork(hadoop, samples, pixels), none, "90", "unet-8");
  }

  /** What an older Bellows has let become current, too: the next that is sound replaces it. */
  @Test
  void answersThatAreNotFiniteAreNeverPromotedAndAlwaysReplaced() {
    RegisteredModel model = model("broken");
    RetrainResult first = night(model, 1000);
    assertThat(first.outcome()).isEqualTo("kept");
    assertThat(first.current()).isNull();
    assertThat(first.why())
        .isEqualTo(
            "24 of 24 answers on test are not finite: such a version never becomes the current"
                + " one");
    assertThat(night(model, 100).current()).isEqualTo(2);
    assertThat(night(model, 1001).current()).isEqualTo(2);
    TinyVersions.makeCurrent(model, 1, 3, none);
    RetrainResult replaced = night(model, 5);
    assertThat(replaced.outcome()).isEqualTo("promoted");
    assertThat(replaced.why())
        .startsWith("24 of 24 answers on test are not finite with the current version, all are");
    assertThat(replaced.decision().startedFrom()).isNull();
    assertThat(model.card(4).startedFrom()).isNull();
    assertThat(said)
        .contains(
            "training starts from the seed: with version 3 24 of 24 answers on test are not"
                + " finite");
    assertThat(night(model, 100).decision().startedFrom()).isEqualTo(4);
  }

  /** Before each single change of the file system in turn, for a better and for a worse model. */
  @Test
  void aStartThatDiedAtAnyPointIsGoneOnWith() throws IOException {
    for (int samples : new int[] {200, 600}) {
      int point = 0;
      while (diesAndGoesOn("d" + samples + "-" + point, samples, point)) {
        point++;
      }
      assertThat(point).as("points of death").isGreaterThan(30);
    }
  }

  /** False when it came to its end before it was to die. */
  private boolean diesAndGoesOn(String name, int samples, int point) throws IOException {
    RegisteredModel model = model(name);
    CrashingFileSystem files = CrashingFileSystem.of(hadoop, name);
    night(model, 100);
    files.dieAfter(point);
    boolean died = false;
    try {
      night(model, samples);
    } catch (CrashingFileSystem.Death e) {
      died = true;
    }
    files.liveAgain();
    // A reader in between.
    int current = model.requireCurrent().version();
    assertThat(current).isIn(1, 2);
    TrainedModel.read(hadoop, model.version(current).toString());

    TinyWork work = new TinyWork(hadoop, samples);
    boolean wasThere = model.versions().contains(2);
    RetrainResult result = start(model, work, none);
    assertThat(work.trained()).as("trained again").hasSize(wasThere ? 0 : 1);
    boolean isBetter = samples == 200;
    assertThat(result.outcome())
        .as("at point " + point)
        .isIn(isBetter ? "promoted" : "kept", "unchanged");
    assertThat(result.current()).isEqualTo(isBetter ? 2 : 1);
    assertThat(model.versions()).containsExactly(1, 2);
    assertThat(model.pointer().all()).hasSize(isBetter ? 2 : 1);
    assertThat(history(model).decisions())
        .extracting(Decision::outcome)
        .containsExactly(
            Decision.Outcome.PROMOTED,
            isBetter ? Decision.Outcome.PROMOTED : Decision.Outcome.KEPT);
    assertThat(NumberedEntries.names(hadoop, model.folder()))
        .containsExactly("1", "2", "current", "history");
    assertThat(night(model, samples).outcome()).isEqualTo("unchanged");
    return died;
  }

  /** Died while it trained; meanwhile there is yet newer data, or a person went back. */
  @Test
  void aPlanThatDoesNotHoldAnyMoreIsAbandoned() {
    RegisteredModel model = model("abandoned");
    night(model, 100);
    diesWhileItTrains(model, 200);
    RetrainResult newer = night(model, 300);
    assertThat(newer.decision().decision()).isEqualTo(3);
    assertThat(newer.outcome()).isEqualTo("promoted");
    assertThat(newer.decision().data().text()).contains("train 100 -> 300 samples");

    diesWhileItTrains(model, 400);
    model.rollback("it looks odd");
    RetrainResult again = night(model, 400);
    assertThat(again.decision().baseline()).isEqualTo(1);
    assertThat(again.decision().startedFrom()).isEqualTo(1);

    diesWhileItTrains(model, 450);
    assertThat(start(model, new TinyWork(hadoop, 450), none, "30").outcome()).isEqualTo("promoted");
    assertThat(history(model).decisions())
        .extracting(decision -> decision.outcome().word())
        .containsExactly(
            "promoted", "abandoned", "promoted", "abandoned", "promoted", "abandoned", "promoted");
    assertThat(said)
        .contains(
            "decision 2 is abandoned: dataset, settings or current version changed before a start"
                + " came to the end of it");
  }

  private void diesWhileItTrains(RegisteredModel model, int samples) {
    TinyWork work =
        new TinyWork(hadoop, samples)
            .meanwhile(
                () -> {
                  throw new CrashingFileSystem.Death();
                });
    assertThatThrownBy(() -> start(model, work, none)).isInstanceOf(CrashingFileSystem.Death.class);
  }

  /** A person promotes by hand while a start trains: that is not overruled. */
  @Test
  void whatAPersonDecidedMeanwhileStays() {
    RegisteredModel model = model("person");
    night(model, 100);
    night(model, 200);
    TinyWork work = new TinyWork(hadoop, 300).meanwhile(() -> model.rollback("by hand"));
    assertThatThrownBy(() -> start(model, work, none))
        .hasMessageContaining(
            "version 3 does not become current: version 1 became so meanwhile (by hand, entry 3 of")
        .hasMessageEndingWith("expected 2); start again");
    assertThat(model.requireCurrent().version()).isEqualTo(1);
    assertThat(night(model, 300).current()).isEqualTo(4);
  }
}
