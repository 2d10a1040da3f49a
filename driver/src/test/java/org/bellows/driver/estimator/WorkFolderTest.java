// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.estimator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.BellowsException;
import org.bellows.driver.run.RunFolder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkFolderTest {
  @TempDir Path folder;

  private void write(String name, int daysAgo, String content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content);
    FileTime then = FileTime.from(Instant.now().minus(Duration.ofDays(daysAgo)));
    Files.setLastModifiedTime(file, then);
    Files.setLastModifiedTime(file.getParent(), then);
  }

  /** Datasets are called a1, a2 and so on after 14 zeros, and runs b1, b2. */
  private void run(String name, int daysAgo, String dataset) throws IOException {
    write(
        "runs/%s/configuration.json".formatted(name),
        40,
        "{\"data\": {\"path\": \"file:%s/datasets/%s\"}}".formatted(folder, dataset));
    write("runs/%s/checkpoints/step-4/state".formatted(name), daysAgo, "");
  }

  private WorkFolder work() {
    return new WorkFolder(new Configuration(), folder.toString());
  }

  @Test
  void whatNoFitHasUsedIsRemovedAndWhatARunNeedsIsKept() throws IOException {
    write("datasets/00000000000000a1/manifest.json", 40, "");
    write("datasets/00000000000000a2/manifest.json", 40, "");
    write("datasets/00000000000000a3/manifest.json", 1, "");
    run("00000000000000b1", 40, "00000000000000a2");
    run("00000000000000b2", 2, "00000000000000a1");
    run("00000000000000b3", 40, "00000000000000a1");
    WorkFolder.used(
        RunFolder.of(new Configuration(), folder.resolve("runs/00000000000000b3").toString()));
    Files.createDirectories(folder.resolve("runs/00000000000000b4"));
    assertThat(work().removeUnused(Duration.ofDays(30)))
        .containsExactly(
            "file:" + folder + "/runs/00000000000000b1",
            "file:" + folder + "/datasets/00000000000000a2");
    assertThat(folder.resolve("runs")).isDirectoryNotContaining("glob:**/00000000000000b1");
    assertThat(folder.resolve("datasets/00000000000000a2")).doesNotExist();
    assertThat(folder.resolve("datasets/00000000000000a1/manifest.json")).exists();
    assertThat(work().removeUnused(Duration.ofDays(30))).isEmpty();
  }

  /** A run of a person's own keeps its dataset; a name as fits give it is not enough. */
  @Test
  void whatNoFitMadeStays() throws IOException {
    write("datasets/00000000000000a1/manifest.json", 40, "");
    write("datasets/00000000000000a2/.prepare-00000000000000a2/records/1", 40, "");
    write("datasets/00000000000000a3/raw/picture.png", 40, "");
    write("datasets/mine/manifest.json", 40, "");
    run("mine", 40, "00000000000000a1");
    write("runs/00000000000000b1/notes.txt", 40, "");
    run("00000000000000b2", 40, "00000000000000a1");
    assertThat(work().removeUnused(Duration.ofDays(30)))
        .containsExactly(
            "file:" + folder + "/runs/00000000000000b2",
            "file:" + folder + "/datasets/00000000000000a2");
    assertThat(folder.resolve("datasets/00000000000000a1/manifest.json")).exists();
    assertThat(folder.resolve("datasets/00000000000000a3/raw/picture.png")).exists();
    assertThat(folder.resolve("datasets/mine/manifest.json")).exists();
    assertThat(folder.resolve("runs/mine/configuration.json")).exists();
    assertThat(folder.resolve("runs/00000000000000b1/notes.txt")).exists();
  }

  /** It may be in a fit of another session, whose run has not begun. */
  @Test
  void aDatasetThatAFitHasJustFoundStays() throws IOException {
    write("datasets/00000000000000a1/manifest.json", 40, "");
    Path dataset = folder.resolve("datasets/00000000000000a1");
    WorkFolder.used(RunFolder.of(new Configuration(), dataset.toString()));
    assertThat(work().removeUnused(Duration.ofDays(30))).isEmpty();
    assertThat(dataset.resolve("manifest.json")).exists();
  }

  /** A file stands where the folder should be. */
  @Test
  void aFitDoesNotFailWhereItsUseCannotBeNoted() throws IOException {
    write("runs/00000000000000b1", 40, "");
    Path run = folder.resolve("runs/00000000000000b1");
    WorkFolder.used(RunFolder.of(new Configuration(), run.toString()));
    assertThat(run).isRegularFile();
  }

  @Test
  void aFolderWithoutFitsIsLeftAndAShortAgeIsRefused() {
    assertThat(work().removeUnused(Duration.ofDays(1))).isEmpty();
    assertThatThrownBy(() -> work().removeUnused(Duration.ofMinutes(5)))
        .isInstanceOf(BellowsException.class)
        .hasMessage("runs and datasets unused for PT5M are to be removed, expected at least PT1H");
  }
}
