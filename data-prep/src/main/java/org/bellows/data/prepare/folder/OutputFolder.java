// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.folder;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.bellows.conf.BellowsException;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.manifest.ManifestFile;
import org.bellows.data.manifest.Shard;
import org.bellows.data.storage.ExclusiveCreation;
import org.bellows.data.storage.ObjectStores;
import org.bellows.data.storage.Storage;
import org.bellows.data.storage.lease.Fence;
import org.bellows.data.storage.lease.Lease;
import org.bellows.data.storage.lease.LeaseHeldException;
import org.bellows.data.storage.lease.LeaseTerms;
import org.bellows.data.storage.lease.LostLeaseException;

/**
 * {@code data.path} while it becomes a dataset. A {@code .prepare-*} entry stays until the manifest
 * is written: it distinguishes an unfinished attempt, which may be resumed or removed, from files
 * of another owner, which may not.
 */
public final class OutputFolder {
  private static final String ATTEMPT_PREFIX = ".prepare-";
  private static final String TEMPORARY_PREFIX = ".tmp-";
  private static final String LEASE = ATTEMPT_PREFIX + "lease";
  private static final String RESULT = "result.json";

  /** After which the run that holds the lease counts as dead. */
  private static final Duration SILENCE = Duration.ofSeconds(10);

  private static final int FINGERPRINT_DIGITS = 16;
  private static final Set<String> OF_ATTEMPT =
      Set.of(Shard.PLACE, ListFile.QUARANTINE.fileName(), ListFile.PASSED_OVER.fileName());

  private final Configuration hadoop;
  private final FileSystem files;
  private final Path folder;

  public OutputFolder(Configuration hadoop, String dataPath) {
    this.hadoop = hadoop;
    this.folder = Storage.qualify(dataPath);
    this.files = Storage.fileSystem(hadoop, folder);
  }

  public Path folder() {
    return folder;
  }

  /**
   * Takes the right to write here. Waits until it is clear whether another run is alive.
   *
   * @throws BellowsException (configuration) when one is
   */
  public Lease take() throws IOException {
    return take(LeaseTerms.watching(SILENCE), OlderClaim.SILENCE);
  }

  Lease take(LeaseTerms terms, Duration olderSilence) throws IOException {
    Lease lease;
    try {
      lease = Lease.take(hadoop, new Path(folder, LEASE), terms);
    } catch (LeaseHeldException e) {
      throw busy(e.host());
    }
    try {
      Optional<String> host = new OlderClaim(files, folder, olderSilence).hostIfAlive();
      if (host.isPresent()) {
        throw busy(host.get());
      }
      return lease;
    } catch (IOException | RuntimeException e) {
      lease.close();
      throw e;
    }
  }

  private BellowsException busy(String host) {
    return BellowsException.configuration(
        "data.path %s is being prepared by another run (on host %s); wait for it, or give another data.path"
            .formatted(folder, host));
  }

  /** The manifest, if the folder holds a dataset. */
  public Optional<DatasetManifest> dataset() throws IOException {
    return files.exists(new Path(folder, ManifestFile.NAME))
        ? Optional.of(ManifestFile.read(hadoop, folder.toString()))
        : Optional.empty();
  }

  /**
   * The first entry that neither an unfinished attempt nor a dataset accounts for; empty, too, when
   * there is no such folder.
   */
  public Optional<String> foreignEntry() throws IOException {
    List<String> names = names();
    boolean isAttempt = names.stream().anyMatch(name -> name.startsWith(ATTEMPT_PREFIX));
    return names.stream()
        .filter(name -> !name.startsWith(ATTEMPT_PREFIX) && !name.startsWith(TEMPORARY_PREFIX))
        .filter(name -> !name.equals(RESULT))
        .filter(name -> !isAttempt || !OF_ATTEMPT.contains(name))
        .findFirst();
  }

  /**
   * @throws BellowsException (configuration) when the folder holds anything else; nothing is
   *     touched then
   */
  public void requireOurs() throws IOException {
    Optional<String> foreign = foreignEntry();
    if (foreign.isPresent()) {
      throw somethingElse("first entry " + foreign.get());
    }
  }

  /** The folder in which the shards of this fingerprint gather, with what is there of them. */
  public StagingFolder open(String fingerprint) throws IOException {
    String digits = fingerprint.substring(0, FINGERPRINT_DIGITS);
    Path own = new Path(folder, ATTEMPT_PREFIX + digits);
    StagingFolder work =
        ObjectStores.writesInPlace(files, folder)
            ? StagingFolder.inPlace(own, folder, Shard.place(digits))
            : StagingFolder.toBeMoved(own, Shard.PLACE);
    if (!work.isInPlace()) {
      takeBack(work);
    }
    // Files that a dead run was writing.
    delete(work.attempts());
    work.create(files);
    delete(new Path(folder, RESULT));
    return work;
  }

  /** The shards of a run that ended between moving them and writing the manifest. */
  private void takeBack(StagingFolder work) throws IOException {
    Path moved = new Path(folder, Shard.PLACE);
    if (files.exists(moved)) {
      // They may be another fingerprint's: their records tell.
      if (!files.exists(work.shardFolder()) && files.exists(work.records())) {
        rename(moved, work.shardFolder());
      } else {
        delete(moved);
      }
    }
  }

  /**
   * Moves the shards into place, writes the manifest last and removes every attempt's rest.
   *
   * @throws LostLeaseException when another run has taken over; there is no manifest of this one
   *     then
   */
  public void commit(StagingFolder work, DatasetManifest manifest, Fence fence) throws IOException {
    fence.requireHeld();
    Set<String> shards =
        manifest.splits().stream()
            .flatMap(split -> split.shards().stream())
            .map(shard -> new Path(shard.path()).getName())
            .collect(Collectors.toSet());
    keepOnly(shards, work.shardFolder());
    fence.requireHeld();
    if (!work.isInPlace()) {
      move(work);
    }
    ManifestFile.write(fence, folder, manifest);
    fence.requireHeld();
    if (work.isInPlace()) {
      // Of attempts with other settings; not before, as another run might be writing there.
      keepOnly(Set.of(work.shardFolder().getName()), work.shardFolder().getParent());
    }
    removeAttempts();
  }

  private void keepOnly(Set<String> names, Path in) throws IOException {
    for (FileStatus file : files.listStatus(in)) {
      if (!names.contains(file.getPath().getName())) {
        delete(file.getPath());
      }
    }
  }

  private void move(StagingFolder work) {
    Path moved = new Path(folder, Shard.PLACE);
    if (!ExclusiveCreation.rename(hadoop, work.shardFolder(), moved)) {
      throw BellowsException.infrastructure(
          "%s came to be while the shards of this run were written: another run moved its own there; start again"
              .formatted(moved));
    }
  }

  public Path list(ListFile list) {
    return new Path(folder, list.fileName());
  }

  /** Writes a list, also before a failure: it says what to look at. */
  public void write(ListFile list, List<Path> parts) throws IOException {
    list.write(files, folder, parts);
  }

  /** Removes the work folders and temporary files of all runs, but not the lease. */
  public void removeAttempts() throws IOException {
    for (String name : names()) {
      boolean isAttempt = name.startsWith(ATTEMPT_PREFIX) && !name.equals(LEASE);
      if (isAttempt || name.startsWith(TEMPORARY_PREFIX)) {
        delete(new Path(folder, name));
      }
    }
  }

  /**
   * Removes files that a resumed run cannot use: files that were being written, and the work folder
   * if no shard is finished. Where shards are written in place it stays, as it tells whose {@code
   * shards} is: a store shows that folder again when its last entry goes. For use when another
   * failure is on its way out.
   */
  public void discardUnfinished(StagingFolder work, Throwable failure) {
    try {
      delete(work.attempts());
      boolean isEmpty =
          files.exists(work.records()) && files.listStatus(work.records()).length == 0;
      if (isEmpty && !work.isInPlace()) {
        delete(new Path(work.folder()));
      }
    } catch (IOException | RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  public BellowsException somethingElse(String what) {
    return BellowsException.configuration(
        "output path %s holds something else (%s); give an empty or new path"
            .formatted(folder, what));
  }

  /** Whether a dataset is here, or the rest of an attempt to make one. */
  public boolean holdsWork() throws IOException {
    return names().stream()
        .anyMatch(name -> name.equals(ManifestFile.NAME) || name.startsWith(ATTEMPT_PREFIX));
  }

  private List<String> names() throws IOException {
    try {
      if (!files.getFileStatus(folder).isDirectory()) {
        throw BellowsException.configuration("data.path " + folder + " is a file, not a folder");
      }
      List<String> names = new ArrayList<>();
      Arrays.stream(files.listStatus(folder)).forEach(file -> names.add(file.getPath().getName()));
      names.sort(null);
      return names;
    } catch (FileNotFoundException e) {
      return List.of();
    }
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
}
