// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalRegistryTest extends RegistryContract {
  @TempDir Path folder;

  @Override
  protected String root() {
    return folder.toString();
  }

  /** A clock that was set back must not keep a registry shut until it comes to that day again. */
  @Test
  void aSignOfLifeOfTomorrowIsNotWaitedFor() throws IOException {
    Path taken = Files.createDirectories(folder.resolve("lease")).resolve("1.json");
    Files.writeString(taken, "{}");
    Files.setLastModifiedTime(taken, FileTime.from(Instant.now().plus(Duration.ofDays(1))));
    org.apache.hadoop.fs.Path lease = new org.apache.hadoop.fs.Path("file:" + folder + "/lease");
    try (Lease next = Lease.take(new Configuration(), lease, Duration.ofSeconds(1))) {
      assertThat(next.token()).isEqualTo(2);
    }
  }

  @Test
  void anOddEntryOfThePointerIsASentence() throws IOException {
    CurrentPointer pointer =
        new CurrentPointer(
            new Configuration(), new org.apache.hadoop.fs.Path("file:" + folder + "/current"));
    Path entry = Files.createDirectories(folder.resolve("current")).resolve("000000001.json");
    for (String odd :
        List.of(
            "null",
            "{}",
            "{\"number\":1,\"version\":-1,\"previous\":0,\"decision\":null,\"why\":\"\",\"at\":\"\"}",
            "{\"number\":1,\"version\":1,\"previous\":1,\"decision\":null,\"why\":\"\",\"at\":\"\"}",
            "{\"number\":2,\"version\":1,\"previous\":0,\"decision\":null,\"why\":\"\",\"at\":\"\"}",
            "{\"number\":1,\"version\":1,\"previous\":0,\"decision\":null,\"why\":null,\"at\":\"\"}",
            "{\"number\":1,\"version\":1e99,\"previous\":0,\"decision\":null,\"why\":\"\",\"at\":\"\"}")) {
      Files.writeString(entry, odd);
      assertThatThrownBy(pointer::head)
          .as(odd)
          .hasMessageStartingWith("file:" + entry + " ")
          .extracting(e -> ((BellowsException) e).category())
          .isEqualTo(ErrorCategory.DATA);
    }
  }
}
