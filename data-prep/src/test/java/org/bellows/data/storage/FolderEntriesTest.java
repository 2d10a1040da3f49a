// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.bellows.data.storage.FolderEntry.Type;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderEntriesTest {
  @TempDir java.nio.file.Path folder;

  @Test
  void nothingIsLeftOut() throws IOException {
    Files.writeString(folder.resolve("12:00 #%41?.jpg"), "four");
    Files.createDirectory(folder.resolve("folder"));
    Files.createSymbolicLink(folder.resolve("linked"), folder.resolve("folder"));
    Files.createSymbolicLink(folder.resolve("dangling.jpg"), java.nio.file.Path.of("no where"));
    Files.createSymbolicLink(folder.resolve("loop"), folder.resolve("loop"));
    Files.createSymbolicLink(folder.resolve("device.jpg"), java.nio.file.Path.of("/dev/zero"));
    Files.writeString(ofBytes("caf%E9.jpg"), "latin");
    Files.createDirectory(ofBytes("stra%DFe"));
    Files.writeString(ofBytes("stra%DFe/in.jpg"), "in");
    Map<String, FolderEntry> entries = entries();
    assertThat(entries).hasSize(8);
    assertThat(entries.get("12:00 #%41?.jpg"))
        .extracting(FolderEntry::type, FolderEntry::bytes, FolderEntry::problem)
        .containsExactly(Type.FILE, 4L, null);
    assertThat(entries.get("folder").isFolder()).isTrue();
    assertThat(entries.get("linked").isFolder()).isTrue();
    assertProblem("dangling.jpg", "DANGLING_LINK", "is a link to no where, which leads nowhere");
    assertProblem(
        "loop", "DANGLING_LINK", "is a link to %s/loop, which leads nowhere".formatted(folder));
    assertProblem("device.jpg", "NOT_A_FILE", "is a pipe, socket or device");
    assertProblem("caf\\xE9.jpg", "BAD_NAME", "has a name that is not UTF-8");
    assertProblem("stra\\xDFe", "BAD_NAME", "has a name that is not UTF-8");
    assertThat(entries.get("stra\\xDFe").isFolder()).isTrue();
    try (FolderEntries in = FolderEntries.openLocal(entries.get("stra\\xDFe").raw())) {
      assertThat(in.next().name()).isEqualTo("in.jpg");
      assertThat(in.next()).isNull();
    }
  }

  @Test
  void socketsAreNoFiles() throws IOException {
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(UnixDomainSocketAddress.of(folder.resolve("s")));
      assertProblem("s", "NOT_A_FILE", "is a pipe, socket or device");
    }
  }

  @Test
  void aFolderThatIsNotThereIsToldAsSuch() {
    assertThatThrownBy(() -> FolderEntries.open(local(), new Path("file:" + folder + "/x")))
        .isInstanceOf(FileNotFoundException.class)
        .hasMessage("there is no folder " + folder + "/x");
  }

  @Test
  void namesAreTextOnlyWhereTheirBytesAreUtf8() {
    byte[] latin = "café".getBytes(StandardCharsets.ISO_8859_1);
    assertThat(LocalPaths.text(latin)).isEqualTo("caf\\xE9");
    assertThat(LocalPaths.problem(latin)).isEqualTo("has a name that is not UTF-8");
    byte[] composed = "e\u0301.jpg".getBytes(StandardCharsets.UTF_8);
    assertThat(LocalPaths.text(composed)).isEqualTo("e\u0301.jpg");
    // As it stands: URI.toASCIIString would make one letter of the two.
    assertThat(LocalPaths.of(new Path("file:/x/e\u0301.jpg")).toUri().getRawPath())
        .isEqualTo("/x/e%CC%81.jpg");
    assertThat(LocalPaths.name("/x/e%CC%81.jpg")).isEqualTo(composed);
  }

  private void assertProblem(String name, String kind, String reason) throws IOException {
    assertThat(entries().get(name).problem()).isEqualTo(new FolderEntry.Problem(kind, reason));
  }

  private Map<String, FolderEntry> entries() throws IOException {
    Map<String, FolderEntry> entries = new TreeMap<>();
    FolderEntries.all(local(), new Path("file:" + folder))
        .forEach(entry -> entries.put(entry.name(), entry));
    return entries;
  }

  private java.nio.file.Path ofBytes(String escaped) {
    return java.nio.file.Path.of(URI.create("file://" + folder + "/" + escaped));
  }

  private static FileSystem local() throws IOException {
    return FileSystem.getLocal(new Configuration());
  }
}
