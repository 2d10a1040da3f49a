// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bellows.conf.load.TestSettings.load;
import static org.bellows.conf.load.TestSettings.loadProfile;
import static org.bellows.conf.load.TestSettings.problems;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.bellows.conf.ClassWeights;
import org.bellows.conf.ConfigurationException;
import org.bellows.conf.EvaluateSettings;
import org.bellows.conf.PixelInference;
import org.bellows.conf.PositiveWeights;
import org.bellows.conf.Problem;
import org.bellows.conf.Settings;
import org.bellows.conf.text.Words;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsLoaderTest {

  static List<String> profiles() {
    return SettingsLoader.profiles();
  }

  @Test
  void defaultsHaveNoProblem() {
    Settings settings = load();
    assertThat(settings.train().lanes())
        .isEqualTo(settings.train().globalBatch() / settings.train().laneBatch());
    assertThat(settings.output().path()).isEmpty();
  }

  @Test
  void whatACommandNeedsIsAskedForTogether() {
    assertThatThrownBy(
            () -> new SettingsLoader().load(List.of("data.path", "output.path"), List.of()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage(
            """
            the configuration has 2 problems:
              data.path: is not set; give it with --set data.path=...
              output.path: is not set; give it with --set output.path=...\
            """);
  }

  @ParameterizedTest
  @MethodSource("profiles")
  void profileHasNoProblem(String profile) {
    assertThat(loadProfile(profile)).isNotEqualTo(load());
  }

  @Test
  void assignmentsStandAboveTheProfileAndItAboveTheDefaults() {
    String profile = "lenet5-fashion-mnist";
    assertThat(load().train().epochs()).isEqualTo(90);
    assertThat(loadProfile(profile).train().epochs()).isEqualTo(12);
    assertThat(loadProfile(profile, "train.epochs=2").train().epochs()).isEqualTo(2);
    assertThat(loadProfile(profile, "train.epochs=2", "train.epochs=3").train().epochs())
        .isEqualTo(3);
    assertThat(loadProfile(profile, "train.epochs=2").train().globalBatch()).isEqualTo(64);
    assertThat(loadProfile(profile).train().seed()).isEqualTo(load().train().seed());
  }

  @Test
  void orderOfCallsDecidesBetweenAssignments() {
    Settings settings =
        new SettingsLoader()
            .set(List.of("train.epochs=10", "train.seed=10"))
            .set(List.of("train.epochs=11"))
            .load(List.of(), List.of());
    assertThat(settings.train().epochs()).isEqualTo(11);
    assertThat(settings.train().seed()).isEqualTo(10);
  }

  @Test
  void profileMayBeAFile(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("mine.conf"), "train { epochs = 7 }");
    assertThat(loadProfile(file.toString()).train().epochs()).isEqualTo(7);
  }

  @Test
  void aProfileIsUtf8(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("mine.conf");
    String text = "train { epochs = 7 }\ndata.path = \"/K\u00E4se\"";
    Files.writeString(file, "\uFEFF" + text);
    assertThat(loadProfile(file.toString()).data().path()).isEqualTo("/K\u00E4se");
    Files.writeString(file, text, StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> loadProfile(file.toString()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(
            "--profile: cannot read %s: line 2 is not UTF-8: byte 0xE4".formatted(file));
  }

  @Test
  void unknownKeyInAProfileSaysWhereItStands(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("mine.conf"), "train { epoch = 7 }");
    assertThatThrownBy(() -> loadProfile(file.toString()))
        .hasMessageContaining(
            "train.epoch: is not a setting (--profile %s); did you mean train.epochs?", file);
  }

  @Test
  void brokenProfileIsOneProblem(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("mine.conf"), "train { epochs = ");
    assertThatThrownBy(() -> loadProfile(file.toString(), "train.epochs=0"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("the configuration has 2 problems:")
        .hasMessageContaining("--profile: cannot read " + file)
        .hasMessageContaining("train.epochs: is 0");
  }

  @Test
  void unknownProfileNamesTheKnownOnes() {
    assertThatThrownBy(() -> loadProfile("quikstart"))
        .hasMessageContaining(
            "--profile: \"quikstart\" is neither a file nor one of "
                + Words.and(SettingsLoader.profiles())
                + "; did you mean quickstart?");
  }

  @Test
  void unknownKeyComesWithTheNearestKnownOne() {
    assertThat(problems("train.epoch=3"))
        .containsExactly("train.epoch: is not a setting (--set); did you mean train.epochs?");
  }

  @Test
  void rightLeafInTheWrongSectionIsRecognised() {
    assertThat(problems("train.base-lr=0.1"))
        .containsExactly("train.base-lr: is not a setting (--set); did you mean schedule.base-lr?");
  }

  @Test
  void unknownKeyFarFromAllGetsNoHint() {
    assertThat(problems("colour.of.the.sea=blue"))
        .containsExactly("colour.of.the.sea: is not a setting (--set)");
  }

  @Test
  void sectionIsNotASetting() {
    assertThat(problems("train=5"))
        .singleElement()
        .asString()
        .startsWith("train: is not a setting");
  }

  @Test
  void assignmentWithoutEqualsSign() {
    assertThat(problems("train.epochs")).containsExactly("--set train.epochs: expected key=value");
  }

  @Test
  void unreadableValueIsAProblemOfItsKey() {
    assertThat(problems("train.epochs=[1"))
        .containsExactly("train.epochs: cannot be read from --set train.epochs=[1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hdfs://host:8020/a?b#c",
        "s3a://bucket/with space/{x}",
        "/plain/path=1",
        "C:\\odd \"quoted\" path",
        "${HOME}/x",
        "// not a comment"
      })
  void textIsTakenAsItIs(String value) {
    assertThat(load("evaluate.split=" + value).evaluate().split()).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(strings = {"hdfs://host:8020/a?b#c", "s3a://bucket/with space/{x}", "/plain/path=1"})
  void pathsOfOtherFileSystemsAndAbsoluteOnesStayAsTheyAre(String value) {
    assertThat(load("data.path=" + value).data().path()).isEqualTo(value);
  }

  /** Executors stand in folders of their own: there a relative path would lead elsewhere. */
  @Test
  void relativePathsAreOfTheFolderThatTheCommandIsGivenIn() {
    assertThat(load("data.path=some/data").data().path())
        .isEqualTo(new java.io.File("some/data").getAbsolutePath());
    assertThat(load("data.path=").data().path()).isEmpty();
    assertThat(load("evaluate.ensemble=[some/run, \"hdfs://host/run\"]").evaluate().ensemble())
        .containsExactly(new java.io.File("some/run").getAbsolutePath(), "hdfs://host/run");
  }

  @Test
  void aValueCannotBringOtherKeysAlong() {
    assertThatThrownBy(() -> load("train.epochs=3, train.seed=9"))
        .hasMessageContaining("train.epochs: cannot be read from --set");
    assertThatThrownBy(() -> load("train.epochs=${train.seed}"))
        .hasMessageContaining("train.epochs: cannot be read from --set");
  }

  @Test
  void listsAreGivenAsLists() {
    assertThat(load("schedule.step-epochs=[5, 10.5]").schedule().stepEpochs())
        .containsExactly(5.0, 10.5);
  }

  @Test
  void classWeightsAreAListOrBalanced() {
    assertThat(load().loss().classWeights().areAlike()).isTrue();
    ClassWeights listed = load("loss.class-weights=[1, 2.5]").loss().classWeights();
    assertThat(listed).isEqualTo(new ClassWeights(ClassWeights.Rule.LISTED, List.of(1.0, 2.5)));
    Settings settings = load("loss.class-weights=balanced");
    assertThat(settings.loss().classWeights().rule()).isEqualTo(ClassWeights.Rule.BALANCED);
    assertThat(settings.loss().classWeights().areAlike()).isFalse();
    assertThat(settings.effectiveJson()).contains("\"class-weights\":\"balanced\"");
    assertThat(load("loss.class-weights=median-frequency").effectiveJson())
        .contains("\"class-weights\":\"median-frequency\"");
  }

  @Test
  void positiveWeightsAreAListOrBalanced() {
    assertThat(load().loss().positiveWeights().areAlike()).isTrue();
    String binary = "loss.function=binary-cross-entropy";
    assertThat(load(binary, "loss.positive-weights=[1, 2.5]").loss().positiveWeights())
        .isEqualTo(PositiveWeights.of(List.of(1.0, 2.5)));
    Settings settings = load(binary, "loss.positive-weights=balanced");
    assertThat(settings.loss().positiveWeights()).isEqualTo(PositiveWeights.ofBalanced());
    assertThat(settings.loss().positiveWeights().areAlike()).isFalse();
    assertThat(settings.effectiveJson()).contains("\"positive-weights\":\"balanced\"");
  }

  @Test
  void whatIsGivenIsKnown() {
    Settings settings =
        new SettingsLoader()
            .profile("unet8-membrane")
            .set(List.of("train.epochs=3", "evaluate.batch=64"))
            .load(List.of(), List.of());
    assertThat(settings.given())
        .contains("train.epochs", "evaluate.batch", "evaluate.inference")
        .doesNotContain("evaluate.scales", "train.seed");
    Settings ofModel =
        ModelInference.in(
            settings,
            new PixelInference(EvaluateSettings.Inference.TILES, 0.5, List.of(0.5, 1.0), false));
    assertThat(ofModel.evaluate().ofPixels())
        .isEqualTo(
            new PixelInference(EvaluateSettings.Inference.WHOLE, 0.5, List.of(0.5, 1.0), true));
    assertThat(ofModel.effectiveJson()).contains("\"scales\":[0.5,1.0]");
    assertThat(ofModel.train()).isEqualTo(settings.train());
  }

  @Test
  void environmentAndSystemPropertiesTakeNoPart() {
    String key = "train.epochs";
    String before = System.getProperty(key);
    System.setProperty(key, "7");
    try {
      assertThat(load().train().epochs()).isEqualTo(90);
    } finally {
      if (before == null) {
        System.clearProperty(key);
      } else {
        System.setProperty(key, before);
      }
    }
  }

  @Test
  void checksOfOtherModulesAreReportedWithTheRest() {
    assertThatThrownBy(
            () ->
                new SettingsLoader()
                    .set(List.of("train.epochs=0"))
                    .load(
                        List.of("data.path"),
                        List.of(s -> List.of(new Problem("model.name", "is not a network")))))
        .hasMessage(
            """
            the configuration has 3 problems:
              train.epochs: is 0, allowed: a whole number from 1 to 100000
              data.path: is not set; give it with --set data.path=...
              model.name: is not a network\
            """);
  }
}
