// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.storage.lease;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumFileSystem;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.bellows.data.storage.ExclusiveCreation;
import org.bellows.data.storage.FileContents;
import org.bellows.data.storage.NewFile;
import org.bellows.data.storage.NumberedEntries;
import org.bellows.data.storage.ObjectStores;
import org.bellows.data.storage.Storage;

/** The files of a lease; see this package's documentation. */
final class LeaseFolder {
  private static final String TAKEN = ".json";
  private static final String BEAT = ".beat";
  private static final String RELEASED = ".released";
  private static final String PENDING = "pending-";
  private static final String REMOVED = "removed-";
  private static final Pattern OF_TOKEN = Pattern.compile("(?:pending-)?(\\d{1,9})[.-].*");
  private static final ObjectMapper JSON =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private final Configuration hadoop;
  private final FileSystem files;
  private final Path folder;

  /**
   * A local folder is written to without Hadoop's checksums: a reader would find file and checksum
   * at odds while both are replaced.
   */
  LeaseFolder(Configuration hadoop, Path folder) {
    this.hadoop = hadoop;
    FileSystem found = Storage.fileSystem(hadoop, folder);
    this.files = found instanceof ChecksumFileSystem checked ? checked.getRawFileSystem() : found;
    this.folder = folder;
  }

  /** Whether a rename is a copy here, object by object. */
  boolean isWithoutRenames() {
    return ObjectStores.replacesOnClose(files);
  }

  Path path() {
    return folder;
  }

  /** The highest token that was given out, 0: none. */
  int newest() {
    return NumberedEntries.last(NumberedEntries.list(hadoop, folder, TAKEN));
  }

  boolean isReleased(int token) throws IOException {
    return files.exists(file(token, RELEASED));
  }

  /** The time of the last heartbeat by the file system, in milliseconds. */
  long sign(int token) throws IOException {
    return Math.max(modified(file(token, TAKEN)), modified(file(token, BEAT)));
  }

  /** The file system's own time, in milliseconds: the time of a file that is written now. */
  long now() throws IOException {
    Path probe = new Path(folder, ".tmp-" + UUID.randomUUID());
    files.create(probe, true).close();
    try {
      return modified(probe);
    } finally {
      files.delete(probe, false);
    }
  }

  /** 0 where there is no such file. */
  private long modified(Path file) throws IOException {
    try {
      return files.getFileStatus(file).getModificationTime();
    } catch (FileNotFoundException e) {
      return 0;
    }
  }

  /** An unknown one if the file is damaged or missing. */
  Holder holder(int token) throws IOException {
    try {
      byte[] content =
          FileContents.read(hadoop, file(token, TAKEN), FileContents.MOST_DESCRIPTION_BYTES);
      Holder holder = JSON.readValue(content, Holder.class);
      return holder == null ? Holder.unknown(token) : holder;
    } catch (FileNotFoundException | JsonProcessingException e) {
      return Holder.unknown(token);
    }
  }

  /**
   * Records the holder of a token.
   *
   * @return false when the token has one
   */
  boolean take(Holder holder) throws IOException {
    return ExclusiveCreation.write(
        hadoop, file(holder.token(), TAKEN), JSON.writeValueAsBytes(holder));
  }

  /**
   * Whether the holder that was just recorded is the only one that was told so. A store that
   * honours conditions refuses the same file a second time.
   */
  boolean isTakenForSure(Holder holder) throws IOException {
    return ExclusiveCreation.isSure(files)
        || ExclusiveCreation.isRefusedOnceMore(
            hadoop, file(holder.token(), TAKEN), JSON.writeValueAsBytes(holder));
  }

  /** Whether this is the newest token, and the run's own. */
  boolean isHeldBy(int token, String run) throws IOException {
    return newest() == token && run.equals(holder(token).run());
  }

  void beat(int token, long count) throws IOException {
    try (OutputStream out = NewFile.createInFolder(files, file(token, BEAT))) {
      out.write(Long.toString(count).getBytes(StandardCharsets.UTF_8));
    }
  }

  void release(int token) throws IOException {
    NewFile.createInFolder(files, file(token, RELEASED)).close();
  }

  Path makePending(int token, String run) throws IOException {
    Path pending = new Path(folder, PENDING + token + "-" + run);
    Storage.makeFolder(files, pending);
    return pending;
  }

  boolean exists(Path path) throws IOException {
    return files.exists(path);
  }

  /** In one step, as far as others can see, but for stores without renames. */
  void removePending(Path pending) throws IOException {
    if (isWithoutRenames()) {
      files.delete(pending, true);
      return;
    }
    Path removed = new Path(folder, REMOVED + UUID.randomUUID());
    if (files.exists(pending)) {
      if (!files.rename(pending, removed) && files.exists(pending)) {
        throw new IOException("cannot rename " + pending + " to " + removed);
      }
      files.delete(removed, true);
    }
  }

  /** Removes the files of lower tokens, and of processes that failed to take one. */
  void removeBefore(int token) throws IOException {
    List<String> names = NumberedEntries.names(hadoop, folder);
    for (String name : names) {
      Matcher numbered = OF_TOKEN.matcher(name);
      boolean isOlder = numbered.matches() && Integer.parseInt(numbered.group(1)) < token;
      if (isOlder && name.startsWith(PENDING)) {
        removePending(new Path(folder, name));
      } else if (isOlder) {
        files.delete(new Path(folder, name), false);
      } else if (name.startsWith(REMOVED)) {
        files.delete(new Path(folder, name), true);
      }
    }
  }

  /** In one step, as far as others can see, but for stores without renames. */
  void remove() throws IOException {
    if (isWithoutRenames()) {
      files.delete(folder, true);
      return;
    }
    Path removed = new Path(folder.getParent(), ".tmp-lease-" + UUID.randomUUID());
    if (files.rename(folder, removed)) {
      files.delete(removed, true);
    }
  }

  private Path file(int token, String suffix) {
    return new Path(folder, token + suffix);
  }
}
