// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.stores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.bellows.data.prepare.image.ContentReader;
import org.bellows.data.prepare.source.part.ItemContent;
import org.bellows.data.storage.AtomicFile;
import org.bellows.data.storage.FileContents;
import org.bellows.data.storage.FolderEntries;
import org.bellows.data.storage.FolderEntry;
import org.bellows.testing.S3Server;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What reading a file asks a store for. */
@Tag("integration")
@Tag("lines")
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

  /** Also when it goes to another process with its item. */
  @Test
  void aListedPictureIsOneRequest() throws Exception {
    try (S3Server server = new S3Server(folder)) {
      Configuration hadoop = new Configuration();
      server.client().forEach(hadoop::set);
      hadoop.setBoolean("fs.s3a.impl.disable.cache", true);
      org.apache.hadoop.fs.Path file = new org.apache.hadoop.fs.Path(server.root() + "/c/1.png");
      AtomicFile.write(hadoop, file, new byte[] {1, 2, 3});
      FolderEntry entry =
          FolderEntries.all(file.getFileSystem(hadoop), file.getParent()).stream()
              .filter(FolderEntry::isFile)
              .findFirst()
              .orElseThrow();
      ItemContent listed = sent(new ItemContent.WholeFile(file.toString(), entry.known()));
      server.requests();
      try (ContentReader reader = new ContentReader(hadoop)) {
        assertThat(reader.read(listed)).containsExactly(1, 2, 3);
        assertThat(requests(server)).containsExactly("GET c/1.png");

        AtomicFile.write(hadoop, file, new byte[] {4, 5, 6, 7, 8});
        assertThat(reader.read(listed)).containsExactly(4, 5, 6, 7, 8);
      }
    }
  }

  private static ItemContent sent(ItemContent content) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(content);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return (ItemContent) in.readObject();
    }
  }

  private static List<String> requests(S3Server server) throws IOException {
    return server.requests().stream().map(r -> r.kind() + " " + r.key()).toList();
  }
}
