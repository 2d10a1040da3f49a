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
    write("datasets/old-needed/manifest.json", 40, "");
    write("datasets/old/manifest.json", 40, "");
    write("datasets/new/manifest.json", 1, "");
    run("old-run", 40, "old");
    run("resumed", 2, "old-needed");
    run("found-again", 40, "old-needed");
    WorkFolder.used(
        RunFolder.of(new Configuration(), folder.resolve("runs/found-again").toString()));
    Files.createDirectories(folder.resolve("runs/begun"));
    assertThat(work().removeUnused(Duration.ofDays(30)))
        .containsExactly("file:" + folder + "/runs/old-run", "file:" + folder + "/datasets/old");
    assertThat(folder.resolve("runs")).isDirectoryNotContaining("glob:**/old-run");
    assertThat(folder.resolve("datasets/old")).doesNotExist();
    assertThat(folder.resolve("datasets/old-needed/manifest.json")).exists();
    assertThat(work().removeUnused(Duration.ofDays(30))).isEmpty();
  }

  @Test
  void aFolderWithoutFitsIsLeftAndAShortAgeIsRefused() {
    assertThat(work().removeUnused(Duration.ofDays(1))).isEmpty();
    assertThatThrownBy(() -> work().removeUnused(Duration.ofMinutes(5)))
        .isInstanceOf(BellowsException.class)
        .hasMessage("runs and datasets unused for PT5M are to be removed, expected at least PT1H");
  }
}
