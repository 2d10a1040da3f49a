// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.shard;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.bellows.data.prepare.folder.ListFile;
import org.bellows.data.prepare.folder.ShardRecord;
import org.bellows.data.storage.NewFile;
import org.bellows.data.storage.Sha256;

/** The refused items of one shard, as lines of a file that is made with the first of them. */
final class ShardQuarantine implements Closeable {
  private static final int FIRST = 5;

  private final FileSystem files;
  private final Path path;
  private final MessageDigest digest = Sha256.digest();
  private final Map<String, Long> kinds = new TreeMap<>();
  private final List<String> first = new ArrayList<>();
  private NewFile file;
  private DigestOutputStream out;
  private boolean isFinished;
  private long bytes;

  ShardQuarantine(FileSystem files, Path path) {
    this.files = files;
    this.path = path;
  }

  void add(String item, String kind, String cause) throws IOException {
    if (out == null) {
      file = NewFile.create(files, path, true);
      out = new DigestOutputStream(file, digest);
    }
    kinds.merge(kind, 1L, Long::sum);
    String name = ListFile.cell(item);
    if (first.size() < FIRST) {
      first.add(name + " " + ListFile.cell(cause));
    }
    byte[] line =
        "%s\t%s\t%s\n".formatted(name, kind, ListFile.cell(cause)).getBytes(StandardCharsets.UTF_8);
    out.write(line);
    bytes += line.length;
  }

  Map<String, Long> kinds() {
    return kinds;
  }

  List<String> first() {
    return first;
  }

  /** Closes the file; null when there is none. */
  ShardRecord.WrittenFile finish() throws IOException {
    isFinished = true;
    close();
    return kinds.isEmpty() ? null : new ShardRecord.WrittenFile(bytes, Sha256.hex(digest.digest()));
  }

  /** Closing without {@link #finish()} leaves a file that is not to be used, or none. */
  @Override
  public void close() throws IOException {
    if (out != null) {
      if (!isFinished) {
        file.giveUp();
      }
      out.close();
    }
  }
}
