// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.folder;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.bellows.data.storage.AtomicFile;
import org.bellows.data.storage.Sha256;
import org.bellows.data.storage.Storage;

/**
 * Where shards gather until all are there. The content here is a function of the fingerprint that
 * names the folder, so that any run that finds a shard with a matching record may use it.
 *
 * <pre>
 * attempts/NAME.parquet.RUN.ATTEMPT   being written
 * shards/NAME.parquet                 whole, but only NAME.json says so
 * quarantine/NAME.tsv                 what was refused
 * passed-over/NUMBER.tsv              what was passed over; each run writes it anew
 * records/NAME.json                   written last ({@link ShardRecord})
 * </pre>
 *
 * <p>In stores where a rename is a copy, attempts write {@code shards} and {@code quarantine}
 * themselves: two attempts write the same bytes, and a file is seen when it is whole. The shards
 * are then where they will stay.
 *
 * @param folder a Hadoop path
 * @param shards a Hadoop path
 * @param place where the shards will be, from the dataset's folder on
 * @param isInPlace whether they are there from the begin
 */
public record StagingFolder(String folder, String shards, String place, boolean isInPlace)
    implements Serializable {
  private static final ObjectMapper JSON = JsonMapper.builder().build();

  /** Whose shards are moved when all are there. */
  static StagingFolder toBeMoved(Path folder, String place) {
    return new StagingFolder(
        folder.toString(), new Path(folder, "shards").toString(), place, false);
  }

  /**
   * @param dataset the dataset's folder
   */
  static StagingFolder inPlace(Path folder, Path dataset, String place) {
    return new StagingFolder(folder.toString(), new Path(dataset, place).toString(), place, true);
  }

  /** The file that an attempt at a shard writes. */
  public Path shardOf(String name, String attempt) {
    return isInPlace ? shardFile(name) : new Path(attempts(), name + ".parquet" + attempt);
  }

  /** The file that an attempt at a shard lists in what it refused. */
  public Path quarantineOf(String name, String attempt) {
    return isInPlace ? quarantine(name) : new Path(attempts(), name + ".tsv" + attempt);
  }

  public Path attempts() {
    return new Path(folder, "attempts");
  }

  Path shardFolder() {
    return new Path(shards);
  }

  Path records() {
    return new Path(folder, "records");
  }

  public Path quarantine(String name) {
    return new Path(folder, "quarantine/" + name + ".tsv");
  }

  /** A part of the list of what was passed over. */
  public Path passedOver(int part) {
    return new Path(folder, "passed-over/%05d.tsv".formatted(part));
  }

  void create(FileSystem files) throws IOException {
    for (Path path :
        new Path[] {
          attempts(),
          shardFolder(),
          records(),
          new Path(folder, "quarantine"),
          new Path(folder, "passed-over")
        }) {
      Storage.makeFolder(files, path);
    }
  }

  /**
   * Moves an attempt's file to its place and writes its record. Should two attempts at the same
   * shard come here at once, both bring the same bytes.
   */
  public void keep(Configuration hadoop, ShardRecord record, Path shard, Path quarantine)
      throws IOException {
    FileSystem files = Storage.fileSystem(hadoop, new Path(folder));
    if (record.shard() == null) {
      files.delete(shard, false);
    } else {
      move(files, shard, shardFile(record.name()), record.shard().bytes(), record.shard().sha256());
    }
    if (record.quarantine() != null) {
      ShardRecord.WrittenFile written = record.quarantine();
      move(files, quarantine, quarantine(record.name()), written.bytes(), written.sha256());
    }
    AtomicFile.write(hadoop, recordFile(record.name()), JSON.writeValueAsBytes(record));
  }

  /** Names of the shards that there are records of, whatever these are worth. */
  public Set<String> recorded(Configuration hadoop) throws IOException {
    FileSystem files = Storage.fileSystem(hadoop, new Path(folder));
    Set<String> names = new HashSet<>();
    for (FileStatus record : files.listStatus(records())) {
      names.add(record.getPath().getName().replaceFirst("\\.json$", ""));
    }
    return names;
  }

  /** The record of a shard that is there and is what the record says; empty otherwise. */
  public Optional<ShardRecord> verified(Configuration hadoop, String name) throws IOException {
    FileSystem files = Storage.fileSystem(hadoop, new Path(folder));
    Optional<ShardRecord> found = read(files, name);
    if (found.isEmpty() || !found.get().name().equals(name)) {
      return Optional.empty();
    }
    ShardRecord record = found.get();
    boolean isShardThere =
        record.shard() == null
            || isThere(files, shardFile(name), record.shard().bytes(), record.shard().sha256());
    boolean isQuarantineThere =
        record.quarantine() == null
            || isThere(
                files, quarantine(name), record.quarantine().bytes(), record.quarantine().sha256());
    return isShardThere && isQuarantineThere ? found : Optional.empty();
  }

  private Path shardFile(String name) {
    return new Path(shards, name + ".parquet");
  }

  private Path recordFile(String name) {
    return new Path(records(), name + ".json");
  }

  /** A record that cannot be read, or lacks something, is none: its shard is written again. */
  private Optional<ShardRecord> read(FileSystem files, String name) throws IOException {
    try (InputStream in = files.open(recordFile(name))) {
      return Optional.ofNullable(JSON.readValue(in.readAllBytes(), ShardRecord.class))
          .filter(ShardRecord::lacksNothing);
    } catch (FileNotFoundException | JsonProcessingException | ChecksumException e) {
      return Optional.empty();
    }
  }

  /** An existing file stays if it is the same: another attempt may refer to it. */
  private static void move(FileSystem files, Path from, Path to, long bytes, String sha256)
      throws IOException {
    if (from.equals(to)) {
      return;
    }
    if (isThere(files, to, bytes, sha256)) {
      files.delete(from, false);
      return;
    }
    files.delete(to, false);
    if (!files.rename(from, to)) {
      throw new IOException("cannot rename " + from + " to " + to);
    }
  }

  private static boolean isThere(FileSystem files, Path file, long bytes, String sha256)
      throws IOException {
    try {
      if (files.getFileStatus(file).getLen() != bytes) {
        return false;
      }
      try (InputStream in = files.open(file)) {
        return Sha256.of(in).equals(sha256);
      }
    } catch (FileNotFoundException | ChecksumException e) {
      return false;
    }
  }
}
