// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.estimator;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.spark.sql.SparkSession;
import org.bellows.conf.BellowsException;
import org.bellows.conf.PublicApi;
import org.bellows.data.prepare.folder.OutputFolder;
import org.bellows.data.storage.Storage;
import org.bellows.driver.run.RunFolder;
import org.bellows.worker.files.Json;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What fits leave below {@code workPath}: fits never remove anything there, this does.
 *
 * <pre>
 * new WorkFolder(spark, "hdfs:///work").removeUnused(Duration.ofDays(30));
 * </pre>
 */
@PublicApi
public final class WorkFolder {
  private static final Logger LOG = LoggerFactory.getLogger(WorkFolder.class);

  static final String DATASETS = "datasets";
  static final String RUNS = "runs";

  /** Folders of another name were not made by a fit. */
  private static final Pattern NAME = Pattern.compile("[0-9a-f]{%d}".formatted(RunName.DIGITS));

  /** The file that each fit replaces in the folders of its dataset and of its run. */
  private static final String LAST_FIT = "fit.json";

  private static final String CONFIGURATION = "configuration.json";

  /** A run at work writes more often: it renews its lease. */
  private static final Duration LEAST_AGE = Duration.ofHours(1);

  private final Configuration hadoop;
  private final Path folder;

  /**
   * @param workPath as estimators have it
   */
  public WorkFolder(SparkSession spark, String workPath) {
    this(spark.sparkContext().hadoopConfiguration(), workPath);
  }

  WorkFolder(Configuration hadoop, String workPath) {
    this.hadoop = hadoop;
    this.folder = ImageFit.qualified(hadoop, workPath);
  }

  Path below(String name) {
    return new Path(folder, name);
  }

  /**
   * Notes that a fit is going to read a dataset, or returned a run's model. A fit whose model is
   * there needs no right to write: only the age of the folder is not known then.
   */
  static void used(RunFolder folder) {
    try {
      folder.write(LAST_FIT, Json.pretty(new LastFit(Instant.now().toString())));
    } catch (BellowsException e) {
      LOG.warn(
          "removeUnused will not know that a fit used {} now: {}", folder.path(), e.getMessage());
    }
  }

  /**
   * The content of {@link #LAST_FIT}.
   *
   * @param at time of the driver, ISO 8601
   */
  private record LastFit(String at) {}

  /**
   * Removes the runs in which nothing was written for that long, and then the datasets that are as
   * old and that no remaining run was trained on. Each fit writes into the folders of its dataset
   * and of its run, also where it finds that run at its end. What is removed costs a later fit
   * time, nothing else: it prepares and trains again. But a model that was neither saved nor loaded
   * needs its run. Folders that no fit made stay, and so do the datasets that runs in them were
   * trained on.
   *
   * <p>Fits of this session wait meanwhile. No other session may be in a fit: the dataset that it
   * has just found could be removed before it is marked.
   *
   * @param age at least an hour, by the clock of this process
   * @return the folders that were removed
   * @throws BellowsException configuration: a shorter age; infrastructure: the file system fails
   */
  public List<String> removeUnused(Duration age) {
    if (age.compareTo(LEAST_AGE) < 0) {
      throw BellowsException.configuration(
          "runs and datasets unused for %s are to be removed, expected at least %s"
              .formatted(age, LEAST_AGE));
    }
    synchronized (ImageFit.ONE_AT_A_TIME) {
      try {
        return removeBefore(Instant.now().minus(age).toEpochMilli());
      } catch (IOException e) {
        throw Storage.failure("removing what is unused in " + folder, e);
      }
    }
  }

  private List<String> removeBefore(long time) throws IOException {
    List<String> removed = new ArrayList<>();
    Set<String> needed = new HashSet<>();
    for (Path run : folders(RUNS)) {
      if (!isOfFit(run) || lastWritten(run) >= time || !remove(run, removed)) {
        dataset(run).ifPresent(needed::add);
      }
    }
    for (Path dataset : folders(DATASETS)) {
      boolean isNeeded = needed.contains(dataset.getName());
      if (!isNeeded && isDatasetOfFit(dataset) && lastWritten(dataset) < time) {
        remove(dataset, removed);
      }
    }
    return removed;
  }

  private boolean isOfFit(Path run) throws IOException {
    FileSystem files = Storage.fileSystem(hadoop, run);
    return NAME.matcher(run.getName()).matches()
        && (files.exists(new Path(run, CONFIGURATION)) || files.exists(new Path(run, LAST_FIT)));
  }

  private boolean isDatasetOfFit(Path dataset) throws IOException {
    return NAME.matcher(dataset.getName()).matches()
        && new OutputFolder(hadoop, dataset.toString()).holdsWork();
  }

  /** False where nothing was removed. */
  private boolean remove(Path path, List<String> removed) throws IOException {
    return Storage.fileSystem(hadoop, path).delete(path, true) && removed.add(path.toString());
  }

  private List<Path> folders(String name) throws IOException {
    try {
      return Arrays.stream(Storage.fileSystem(hadoop, folder).listStatus(below(name)))
          .filter(FileStatus::isDirectory)
          .map(FileStatus::getPath)
          .sorted()
          .toList();
    } catch (FileNotFoundException e) {
      // No fit has come so far.
      return List.of();
    }
  }

  /** Milliseconds since 1970, of the newest file; a store has no times of folders. */
  private long lastWritten(Path path) throws IOException {
    FileSystem files = Storage.fileSystem(hadoop, path);
    long newest = 0;
    RemoteIterator<LocatedFileStatus> all = files.listFiles(path, true);
    while (all.hasNext()) {
      newest = Math.max(newest, all.next().getModificationTime());
    }
    return newest == 0 ? files.getFileStatus(path).getModificationTime() : newest;
  }

  /** The name of the dataset that a run is trained on; empty where it has not begun. */
  private Optional<String> dataset(Path run) {
    RunFolder of = RunFolder.of(hadoop, run.toString());
    return of.readIfThere(CONFIGURATION)
        .map(content -> Json.read(content, JsonNode.class, of.file(CONFIGURATION)))
        .map(settings -> settings.at("/data/path").asText())
        .filter(path -> !path.isBlank())
        .map(path -> new Path(path).getName());
  }
}
