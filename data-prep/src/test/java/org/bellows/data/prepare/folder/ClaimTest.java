// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ClaimTest {
  private static final Claim.Pace FAST = new Claim.Pace(100, 1000);

  @TempDir Path folder;

  private Claim take() throws IOException {
    FileSystem files = FileSystem.getLocal(new Configuration());
    return Claim.take(files, new org.apache.hadoop.fs.Path(file().toUri()), FAST);
  }

  private Path file() {
    return folder.resolve("data/.prepare-claim.json");
  }

  @Test
  void isHeldByOneAndGivenBack() throws IOException {
    try (Claim first = take()) {
      first.requireHeld();
      assertThatThrownBy(this::take)
          .isInstanceOf(BellowsException.class)
          .hasMessageMatching(
              "data.path file:.*/data is being prepared by another run \\(on host .+\\); wait for"
                  + " it, or give another data.path")
          .extracting(e -> ((BellowsException) e).category())
          .isEqualTo(ErrorCategory.CONFIGURATION);
      first.requireHeld();
    }
    assertThat(file()).doesNotExist();
    take().close();
  }

  @Test
  void ofARunThatIsGoneItIsTakenOver() throws Exception {
    Files.createDirectories(file().getParent());
    Files.writeString(file(), "{\"run\": \"gone\", \"host\": \"elsewhere\", \"count\": 7}");
    try (Claim claim = take()) {
      claim.requireHeld();
      // A third run, which saw no beat of this one, has taken it.
      assertThat(folder.resolve("data/..prepare-claim.json.crc")).doesNotExist();
      Files.writeString(file(), "{\"run\": \"third\", \"host\": \"third-host\", \"count\": 0}");
      Thread.sleep(500);
      assertThatThrownBy(claim::requireHeld)
          .hasMessageEndingWith(
              "/data was taken over by another run on host third-host, which saw no sign of life of"
                  + " this one");
    }
    // Not ours any more, so it stays.
    assertThat(Files.readString(file())).contains("third");
  }

  @Test
  void whateverStandsInItIsAClaim() throws Exception {
    Files.createDirectories(file().getParent());
    for (String odd : List.of("null", "{\"count\": 1e99}")) {
      Files.writeString(file(), odd);
      try (Claim claim = take()) {
        claim.requireHeld();
      }
      assertThat(file()).as(odd).doesNotExist();
    }
  }
}
