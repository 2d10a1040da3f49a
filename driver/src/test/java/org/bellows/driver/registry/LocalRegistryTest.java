// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.bellows.data.storage.lease.Fence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalRegistryTest extends RegistryContract {
  @TempDir Path folder;

  @Override
  protected String root() {
    return folder.toString();
  }

  /** The store has done it, the answer was lost, and the same request finds its own entry. */
  @Test
  void anEntryThatIsOnesOwnIsNotAnothers() {
    Configuration hadoop = new Configuration();
    org.apache.hadoop.fs.Path root = new org.apache.hadoop.fs.Path("file:" + folder);
    CurrentPointer pointer =
        new CurrentPointer(hadoop, new org.apache.hadoop.fs.Path(root, "pointer"));
    Promotion next = new Promotion(0, 7, 0, 3, "better", "");
    Promotion first = pointer.advance(0, next, new LostAnswers(hadoop));
    assertThat(pointer.all()).containsExactly(first);
    assertThatThrownBy(() -> pointer.advance(0, next, new LostAnswers(hadoop)))
        .hasMessageContaining("version 7 became so meanwhile");
    Promotion other = new Promotion(0, 8, 1, null, "by hand", "");
    Fence overtaken =
        new LostAnswers(hadoop) {
          @Override
          public boolean create(org.apache.hadoop.fs.Path file, byte[] content) {
            pointer.advance(1, other, Fence.none(hadoop));
            return super.create(file, content);
          }
        };
    assertThatThrownBy(() -> pointer.advance(1, next, overtaken))
        .hasMessageContaining("version 7 does not become current: version 8 became so meanwhile");
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
