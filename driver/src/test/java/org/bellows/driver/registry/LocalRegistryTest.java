// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.registry;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
