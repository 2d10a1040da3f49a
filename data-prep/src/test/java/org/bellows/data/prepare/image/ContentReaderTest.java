// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.bellows.data.prepare.source.part.ItemContent.WholeFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class ContentReaderTest {
  @TempDir Path folder;

  @Test
  @Timeout(60)
  void aPipeIsNeverOpened() throws IOException, InterruptedException {
    Path pipe = folder.resolve("pipe.jpg");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    try (ContentReader reader = new ContentReader(new Configuration())) {
      // With a scheme, as in a source, and bare, as in a column of paths.
      for (String path : new String[] {"file:" + pipe, pipe.toString()}) {
        assertThatThrownBy(() -> reader.read(new WholeFile(path)))
            .isInstanceOf(FileNotFoundException.class)
            .hasMessage("file:" + pipe + " is a pipe, socket or device");
      }
    }
  }

  @Test
  void aColonIsALetter() throws IOException {
    Files.createDirectory(folder.resolve("a:b"));
    Files.writeString(folder.resolve("a:b/12:00.jpg"), "xy");
    try (ContentReader reader = new ContentReader(new Configuration())) {
      assertThat(reader.read(new WholeFile(folder + "/a:b/12:00.jpg"))).containsExactly('x', 'y');
    }
  }
}
