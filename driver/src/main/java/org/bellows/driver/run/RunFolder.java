// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.run;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ConfigurationException;
import org.bellows.conf.ErrorCategory;
import org.bellows.conf.Problem;
import org.bellows.conf.identity.RunIdentity;
import org.bellows.data.storage.AtomicFile;
import org.bellows.data.storage.FileContents;
import org.bellows.data.storage.FormatVersion;
import org.bellows.data.storage.Storage;
import org.bellows.worker.files.Json;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The folder that one command writes to. Never one that holds something else. */
public final class RunFolder {
  private static final Logger LOG = LoggerFactory.getLogger(RunFolder.class);
  private static final String MARKER = "run.json";
  private static final String RESULT = "result.json";

  /** The file of a dry run; a run may still begin there. */
  public static final String PLAN = "plan.html";

  private final Configuration hadoop;
  private final Path path;

  /** The owner of the folder. */
  record Marker(int formatVersion, String command, Map<String, String> identity) {
    static final int VERSION = 1;
    static final FormatVersion FORMAT = new FormatVersion(1, VERSION);
  }

  private RunFolder(Configuration hadoop, Path path) {
    this.hadoop = hadoop;
    this.path = path;
  }

  /**
   * Takes an empty or new folder, or one that the same command wrote. Writes nothing yet.
   *
   * @throws BellowsException (configuration) saying what is there instead; nothing is touched then
   */
  public static RunFolder claim(Configuration hadoop, String output, String command) {
    RunFolder folder = new RunFolder(hadoop, Storage.qualify(output));
    Optional<Marker> marker = folder.marker();
    if (marker.isEmpty()) {
      folder.requireEmpty();
    } else if (!marker.get().command().equals(command)) {
      throw BellowsException.configuration(
          "output.path %s was written by \"%s\", not by \"%s\"; give an empty or new path"
              .formatted(folder.path, marker.get().command(), command));
    }
    return folder;
  }

  /**
   * Marks the folder as this run's, or checks that it is.
   *
   * @throws ConfigurationException naming each setting in which the run that is there differs
   */
  public void own(String command, Map<String, String> identity) {
    Optional<Marker> marker = marker();
    if (marker.isEmpty()) {
      createFolder();
      write(MARKER, Json.pretty(new Marker(Marker.VERSION, command, identity)));
      return;
    }
    List<Problem> differences =
        RunIdentity.differences(path.toString(), marker.get().identity(), identity);
    if (!differences.isEmpty()) {
      throw new ConfigurationException(differences);
    }
  }

  private Optional<Marker> marker() {
    Optional<Marker> marker =
        readIfThere(MARKER).map(content -> Json.read(content, Marker.class, file(MARKER)));
    marker.ifPresent(found -> Marker.FORMAT.require(file(MARKER), found.formatVersion()));
    return marker;
  }

  /** Whether a command has marked the folder as its own. */
  public boolean holdsRun() {
    return marker().isPresent();
  }

  /** A folder that something else vouches for: a prepared dataset. */
  public static RunFolder of(Configuration hadoop, String path) {
    return new RunFolder(hadoop, Storage.qualify(path));
  }

  /**
   * Opens the output of an earlier command.
   *
   * @throws BellowsException (data) when no such command wrote here
   */
  public static RunFolder existing(Configuration hadoop, String output, String command) {
    RunFolder folder = new RunFolder(hadoop, Storage.qualify(output));
    Marker marker =
        folder
            .marker()
            .orElseThrow(
                () ->
                    BellowsException.data("there is no run at " + folder.path + ": no " + MARKER));
    if (!marker.command().equals(command)) {
      throw BellowsException.data(
          "%s was written by \"%s\", expected \"%s\""
              .formatted(folder.path, marker.command(), command));
    }
    return folder;
  }

  private void requireEmpty() {
    try {
      FileSystem files = Storage.fileSystem(hadoop, path);
      for (FileStatus status : files.listStatus(path)) {
        // The result or a leftover of a start that failed, or a plan, is nothing to be lost.
        String name = status.getPath().getName();
        if (!name.startsWith(".tmp-") && !name.equals(RESULT) && !name.equals(PLAN)) {
          throw BellowsException.configuration(
              "output.path %s holds something else (%s); give an empty or new path"
                  .formatted(path, name));
        }
      }
    } catch (FileNotFoundException e) {
      // New: it is created when it is owned.
    } catch (IOException e) {
      throw Storage.failure("reading " + path, e);
    }
  }

  private void createFolder() {
    try {
      Storage.makeFolder(Storage.fileSystem(hadoop, path), path);
    } catch (IOException e) {
      throw Storage.writeFailure(path, e);
    }
  }

  public Path path() {
    return path;
  }

  public Path file(String name) {
    return new Path(path, name);
  }

  /** Whole or not at all, without a checksum file beside it: people take these files away. */
  public void write(String name, byte[] content) {
    AtomicFile.writeAlone(hadoop, file(name), content);
  }

  /** As above, of content that need not be in memory as a whole. */
  public void write(String name, AtomicFile.Content content) {
    AtomicFile.writeAlone(hadoop, file(name), content);
  }

  public Optional<byte[]> readIfThere(String name) {
    Path file = file(name);
    try {
      return Optional.of(FileContents.read(hadoop, file, FileContents.MOST_BYTES));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw Storage.failure("reading " + file, e);
    }
  }

  /** Names of the files directly below a folder of this run, sorted; none if it is not there. */
  public List<String> list(String folder) {
    return List.copyOf(lengths(folder).keySet());
  }

  /**
   * Names of the files directly below a folder of this run, sorted, with their bytes; none if it is
   * not there.
   */
  public SortedMap<String, Long> lengths(String folder) {
    try {
      SortedMap<String, Long> lengths = new TreeMap<>();
      for (FileStatus status : Storage.fileSystem(hadoop, path).listStatus(file(folder))) {
        lengths.put(folder + "/" + status.getPath().getName(), status.getLen());
      }
      return lengths;
    } catch (FileNotFoundException e) {
      return new TreeMap<>();
    } catch (IOException e) {
      throw Storage.failure("listing " + file(folder), e);
    }
  }

  public void delete(String name) {
    try {
      Storage.fileSystem(hadoop, path).delete(file(name), true);
    } catch (IOException e) {
      throw Storage.failure("removing " + file(name), e);
    }
  }

  /** A result of an earlier start must not be taken for the result of this one. */
  public void removeResult() {
    delete(RESULT);
  }

  /** The last thing that a command writes. */
  public void writeResult(RunResult result) {
    write(RESULT, Json.pretty(result));
  }

  public Optional<Map<?, ?>> readResult() {
    return readIfThere(RESULT).map(content -> Json.read(content, Map.class, file(RESULT)));
  }

  /**
   * The metrics of a command that succeeded; empty if there is no such result, or it cannot be
   * read: then the command has to run again, and resumes.
   */
  public Optional<Map<?, ?>> metricsOfSuccess() {
    try {
      return readResult()
          .filter(result -> "succeeded".equals(result.get("status")))
          .map(result -> result.get("metrics") instanceof Map<?, ?> metrics ? metrics : null);
    } catch (BellowsException e) {
      if (e.category() != ErrorCategory.DATA) {
        throw e;
      }
      LOG.warn("it is not known how the run ended: {}", e.getMessage());
      return Optional.empty();
    }
  }
}
