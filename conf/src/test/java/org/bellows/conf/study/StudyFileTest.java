// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bellows.conf.ConfigurationException;
import org.bellows.conf.load.SettingsLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StudyFileTest {
  @TempDir private Path folder;

  static List<String> shipped() {
    return StudyFile.shipped();
  }

  @ParameterizedTest
  @MethodSource("shipped")
  void everyArmOfAShippedStudyIsAConfiguration(String name) {
    Study study = StudyFile.read(name);
    assertThat(study.seeds()).hasSizeGreaterThanOrEqualTo(3);
    for (Study.Arm arm : study.arms()) {
      List<String> set = new ArrayList<>(study.set());
      set.addAll(arm.set());
      new SettingsLoader().profile(study.profile()).set(set).load(List.of(), List.of());
    }
  }

  @Test
  void foldersAreNamedAsTheArms() {
    Study.Arm arm = StudyFile.read("large-batch").arms().get(8);
    assertThat(arm.name()).isEqualTo("1024, linear, gradual warmup");
    assertThat(arm.folder()).isEqualTo("1024-linear-gradual-warmup");
  }

  @Test
  void anUnknownStudyIsNamedWithItsNearest() {
    assertThatThrownBy(() -> StudyFile.read("large-batches"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(
            "study: \"large-batches\" is neither a file nor one of arithmetic,"
                + " augmentations, large-batch, residual, response-norm and tricks; did you mean large-batch?");
  }

  @Test
  void whatIsMissingInAFileIsNamed() throws IOException {
    Path file = folder.resolve("mine.conf");
    Files.writeString(file, "question = q, set = [], seeds = [1], arms = []");
    assertThatThrownBy(() -> StudyFile.read(file.toString()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("cannot read " + file)
        .hasMessageContaining("profile");
  }

  @Test
  void aStudyIsUtf8() throws IOException {
    Path file = folder.resolve("mine.conf");
    Files.write(file, new byte[] {'a', '=', '"', (byte) 0xE4, '"'});
    assertThatThrownBy(() -> StudyFile.read(file.toString()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("cannot read " + file + ": line 1 is not UTF-8: byte 0xE4");
  }

  @Test
  void allThatIsWrongIsSaidAtOnce() throws IOException {
    Path file = folder.resolve("mine.conf");
    String arms =
        "{name=a, group=g, set=[]}, {name=\"A!\", group=g, set=[]}, {name=\"a?\", group=g, set=[]},"
            + " {name=b, group=g, set=[]}, {name=c, group=g, set=[]}";
    Files.writeString(
        file,
        "question = q, profile = quickstart, set = [], seeds = [1, 1], arms = [" + arms + "]");
    assertThatThrownBy(() -> StudyFile.read(file.toString()))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("seeds: are 1 and 1; expected some, each once")
        .hasMessageContaining("arms: two would run in the same folder, a-")
        .hasMessageContaining("arms: group \"g\" has 5, at most 4 share a chart");
  }
}
