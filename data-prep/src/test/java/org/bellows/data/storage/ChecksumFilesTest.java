// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChecksumFilesTest {
  private final Configuration hadoop = new Configuration();

  @TempDir Path folder;

  @Test
  void aFileForOthersHasNone() {
    AtomicFile.writeAlone(hadoop, file("report.html"), "page".getBytes(UTF_8));
    assertThat(folder.toFile().list()).containsExactly("report.html");
  }

  /** It would be that of the old content, and the new could not be read. */
  @Test
  void oneThatAnOlderBuildHasLeftIsRemoved() throws IOException {
    AtomicFile.write(hadoop, file("result.json"), "old".getBytes(UTF_8));
    assertThat(folder.toFile().list()).contains(".result.json.crc");
    AtomicFile.writeAlone(hadoop, file("result.json"), "another".getBytes(UTF_8));
    assertThat(folder.toFile().list()).containsExactly("result.json");
    assertThat(FileContents.read(hadoop, file("result.json"), 100))
        .isEqualTo("another".getBytes(UTF_8));
  }

  private org.apache.hadoop.fs.Path file(String name) {
    return new org.apache.hadoop.fs.Path("file", null, folder.resolve(name).toString());
  }
}
