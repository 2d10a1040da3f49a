package org.bellows.data.prepare;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.bellows.conf.BellowsException;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.manifest.ManifestFile;
import org.bellows.data.storage.Storage;

/**
 * {@code data.path} while it becomes a dataset. A {@code .tmp-*} folder stays until the manifest is
 * written: it tells an unfinished attempt, which may be removed, from somebody's files, which may
 * not.
 */
final class OutputFolder {
  static final String SHARDS = "shards";
  static final String REFUSED = "refused.tsv";

  private static final String TEMPORARY_PREFIX = ".tmp-";
  private static final Set<String> OF_ATTEMPT = Set.of(SHARDS, REFUSED);

  private final Configuration hadoop;
  private final FileSystem files;
  private final Path folder;
  private final Path temporary;

  OutputFolder(Configuration hadoop, String dataPath) {
    this.hadoop = hadoop;
    this.folder = Storage.qualify(dataPath);
    this.files = Storage.fileSystem(hadoop, folder);
    this.temporary = new Path(folder, TEMPORARY_PREFIX + UUID.randomUUID());
  }

  Path folder() {
    return folder;
  }

  /** Where tasks write. */
  Path temporaryShards() {
    return new Path(temporary, SHARDS);
  }

  /**
   * The dataset that is there already, if it is the same; otherwise an empty folder is made ready.
   *
   * @throws BellowsException (configuration) when the folder holds anything else; nothing is
   *     touched then
   */
  Optional<DatasetManifest> prepare(String fingerprint) {
    try {
      List<Path> entries = entries();
      if (entries.stream().anyMatch(entry -> entry.getName().equals(ManifestFile.NAME))) {
        DatasetManifest manifest = ManifestFile.read(hadoop, folder.toString());
        if (!manifest.provenance().sourceFingerprint().equals(fingerprint)) {
          throw somethingElse("a dataset of another source or other prepare settings");
        }
        removeTemporary(entries);
        return Optional.of(manifest);
      }
      removeUnfinished(entries);
      if (!files.mkdirs(temporaryShards())) {
        throw new IOException("cannot create folder " + temporaryShards());
      }
      return Optional.empty();
    } catch (IOException e) {
      throw Storage.failure("preparing the folder " + folder, e);
    }
  }

  /** Gives a shard its final name; it becomes visible with {@link #commit}. */
  void keep(String attemptFile, String name) throws IOException {
    rename(new Path(temporaryShards(), attemptFile), new Path(temporaryShards(), name));
  }

  /** Moves the shards into place and writes the manifest last. */
  void commit(DatasetManifest manifest, List<RefusedFile> refused, Set<String> shards)
      throws IOException {
    // What a second attempt at a task left behind must not come along.
    for (FileStatus file : files.listStatus(temporaryShards())) {
      if (!shards.contains(file.getPath().getName())) {
        delete(file.getPath());
      }
    }
    rename(temporaryShards(), new Path(folder, SHARDS));
    if (!refused.isEmpty()) {
      try (OutputStream out = files.create(new Path(folder, REFUSED), true)) {
        out.write(table(refused).getBytes(StandardCharsets.UTF_8));
      }
    }
    ManifestFile.write(hadoop, folder.toString(), manifest);
    delete(temporary);
  }

  /** Removes all that this attempt wrote. For use when another failure is on its way out. */
  void discard(RuntimeException failure) {
    try {
      if (!files.exists(new Path(folder, ManifestFile.NAME)) && files.exists(temporary)) {
        for (String name : OF_ATTEMPT) {
          delete(new Path(folder, name));
        }
        delete(temporary);
      }
    } catch (IOException | RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  private List<Path> entries() throws IOException {
    List<Path> entries = new ArrayList<>();
    try {
      Arrays.stream(files.listStatus(folder)).map(FileStatus::getPath).forEach(entries::add);
      if (!files.getFileStatus(folder).isDirectory()) {
        throw BellowsException.configuration("data.path " + folder + " is a file, not a folder");
      }
    } catch (FileNotFoundException e) {
      // It is created below.
      return List.of();
    }
    entries.sort(null);
    return entries;
  }

  private void removeUnfinished(List<Path> entries) throws IOException {
    boolean isAttempt =
        entries.stream().anyMatch(entry -> entry.getName().startsWith(TEMPORARY_PREFIX));
    for (Path entry : entries) {
      boolean isOurs =
          entry.getName().startsWith(TEMPORARY_PREFIX)
              || isAttempt && OF_ATTEMPT.contains(entry.getName());
      if (!isOurs) {
        throw somethingElse("first entry " + entry.getName());
      }
    }
    for (Path entry : entries) {
      delete(entry);
    }
  }

  private void removeTemporary(List<Path> entries) throws IOException {
    for (Path entry : entries) {
      if (entry.getName().startsWith(TEMPORARY_PREFIX)) {
        delete(entry);
      }
    }
  }

  private BellowsException somethingElse(String what) {
    return BellowsException.configuration(
        "output path %s holds something else (%s); give an empty or new path"
            .formatted(folder, what));
  }

  private void rename(Path from, Path to) throws IOException {
    if (!files.rename(from, to)) {
      throw new IOException("cannot rename " + from + " to " + to);
    }
  }

  private void delete(Path path) throws IOException {
    if (files.exists(path) && !files.delete(path, true)) {
      throw new IOException("cannot delete " + path);
    }
  }

  private static String table(List<RefusedFile> refused) {
    StringBuilder table = new StringBuilder("path\tkind\treason\n");
    for (RefusedFile file : refused) {
      // A tab or line break in a file's name must not shift the columns.
      String path = file.path().replaceAll("\\p{Cntrl}", "?");
      table.append("%s\t%s\t%s\n".formatted(path, file.kind(), file.reason()));
    }
    return table.toString();
  }
}
