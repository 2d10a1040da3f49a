// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.stores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.bellows.data.storage.AtomicFile;
import org.bellows.data.storage.FileContents;
import org.bellows.testing.S3Server;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What reading a file asks a store for. */
@Tag("integration")
@Timeout(120)
class StoreRequestsTest {
  @TempDir Path folder;

  @Test
  void aStoreIsNotAskedAgainForWhatIsKnown() throws Exception {
    byte[] content = {1, 2, 3, 4, 5};
    try (S3Server server = new S3Server(folder)) {
      Configuration hadoop = new Configuration();
      server.client().forEach(hadoop::set);
      // Or later tests would get the file system of a server that is gone.
      hadoop.setBoolean("fs.s3a.impl.disable.cache", true);
      org.apache.hadoop.fs.Path file = new org.apache.hadoop.fs.Path(server.root() + "/a/file");
      AtomicFile.write(hadoop, file, content);
      server.requests();

      assertThat(FileContents.read(hadoop, file, 100)).isEqualTo(content);
      assertThat(requests(server)).containsExactly("HEAD a/file", "GET a/file");

      org.apache.hadoop.fs.Path missing = new org.apache.hadoop.fs.Path(server.root() + "/a/none");
      assertThatThrownBy(() -> FileContents.read(hadoop, missing, 100))
          .isInstanceOf(FileNotFoundException.class);
    }
  }

  private static List<String> requests(S3Server server) throws IOException {
    return server.requests().stream().map(r -> r.kind() + " " + r.key()).toList();
  }
}
