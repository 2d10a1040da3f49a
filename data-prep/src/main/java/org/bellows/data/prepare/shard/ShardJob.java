// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.shard;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.bellows.conf.BellowsException;
import org.bellows.conf.Settings;
import org.bellows.data.prepare.folder.ShardRecord;
import org.bellows.data.prepare.folder.StagingFolder;
import org.bellows.data.prepare.image.SampleReader;
import org.bellows.data.prepare.listing.ListingCounts;
import org.bellows.data.prepare.listing.SourceLister;
import org.bellows.data.prepare.mask.MaskRules;
import org.bellows.data.prepare.shard.ProgressListener.Done;
import org.bellows.data.prepare.source.part.Source;
import org.bellows.data.shard.ShardColumns;

/** The Spark jobs that find out which shards are there already and write the others. */
public final class ShardJob {
  private static final long POLL_MILLISECONDS = 500;

  /** That compare shards with their records. */
  private static final int MOST_TASKS = 1000;

  private final JavaSparkContext spark;
  private final Settings.Prepare prepare;
  private final ProgressListener listener;
  private final StagingFolder work;
  private final SerializableConfiguration hadoop;

  public ShardJob(
      JavaSparkContext spark,
      Settings.Prepare prepare,
      ProgressListener listener,
      StagingFolder work) {
    this.spark = spark;
    this.prepare = prepare;
    this.listener = listener;
    this.work = work;
    this.hadoop = new SerializableConfiguration(spark.hadoopConfiguration());
  }

  /** Shards that an earlier run finished, by name, checked against their records in tasks. */
  public Map<String, ShardRecord> finished(List<ShardPlan> plans) throws IOException {
    Set<String> recorded = work.recorded(spark.hadoopConfiguration());
    List<String> names = plans.stream().map(ShardPlan::name).filter(recorded::contains).toList();
    Map<String, ShardRecord> records = new TreeMap<>();
    if (!names.isEmpty()) {
      StagingFolder folder = work;
      SerializableConfiguration configuration = hadoop;
      spark
          .parallelize(names, Math.min(names.size(), MOST_TASKS))
          .map(name -> folder.verified(configuration.value(), name))
          .filter(Optional::isPresent)
          .map(Optional::get)
          .collect()
          .forEach(record -> records.put(record.name(), record));
    }
    return records;
  }

  /**
   * Writes the shards that are not there.
   *
   * @param masks the meaning of the masks
   * @param isMultiLabel whether an image has any number of labels
   * @param written by an earlier run
   * @return the shards that are written now, by name
   */
  public Map<String, ShardRecord> write(
      Source source,
      ListingCounts listing,
      MaskRules masks,
      boolean isMultiLabel,
      SourceLister lister,
      List<ShardPlan> plans,
      Map<String, ShardRecord> written) {
    Map<String, ShardRecord> records = new TreeMap<>();
    ShardAssignment assignment = new ShardAssignment(prepare.seed(), plans, written.keySet());
    if (assignment.pending().isEmpty()) {
      return records;
    }
    ShardTask.Counters counters = ShardTask.Counters.of(spark.sc());
    ShardTask task =
        new ShardTask(
            hadoop,
            plan(source, listing, masks, columns(listing, isMultiLabel), assignment),
            counters);
    TaskProgressListener watch = new TaskProgressListener(counters);
    spark.sc().addSparkListener(watch);
    try {
      JavaFutureAction<List<ShardTask.Done>> job =
          lister
              .items()
              .mapPartitionsToPair(items -> new PendingItems(items, assignment))
              .repartitionAndSortWithinPartitions(assignment, new ShuffleKey.Order())
              .mapPartitionsWithIndex(task, false)
              .collectAsync();
      for (ShardTask.Done done : await(job, watch, listing, written)) {
        if (done.failure() != null) {
          throw done.failure().exception();
        }
        records.put(done.record().name(), done.record());
      }
      return records;
    } finally {
      spark.sc().removeSparkListener(watch);
    }
  }

  private static ShardColumns columns(ListingCounts listing, boolean isMultiLabel) {
    if (isMultiLabel) {
      return ShardColumns.LABELS;
    }
    return listing.hasMasks() ? ShardColumns.MASK : ShardColumns.PLAIN;
  }

  private ShardTask.Plan plan(
      Source source,
      ListingCounts listing,
      MaskRules masks,
      ShardColumns columns,
      ShardAssignment assignment) {
    return new ShardTask.Plan(
        work,
        assignment.pending(),
        listing.classes(source),
        new SampleReader.Rules(
            prepare.maxPixels(), prepare.shrinkShorterSidePixels(), prepare.jpegQuality(), masks),
        prepare.blockKibibytes(),
        columns,
        source.channels(),
        UUID.randomUUID().toString());
  }

  private List<ShardTask.Done> await(
      JavaFutureAction<List<ShardTask.Done>> job,
      TaskProgressListener watch,
      ListingCounts listing,
      Map<String, ShardRecord> written) {
    long images = written.values().stream().mapToLong(ShardRecord::items).sum();
    long bytes = written.values().stream().mapToLong(ShardRecord::itemBytes).sum();
    try {
      List<ShardTask.Done> done = null;
      while (done == null) {
        done = poll(job);
        // A task that ran twice counted its images twice.
        listener.progress(
            new Done(
                Math.min(images + watch.images(), listing.images()),
                listing.images(),
                Math.min(bytes + watch.bytes(), listing.bytes()),
                listing.bytes()));
      }
      return done;
    } catch (InterruptedException e) {
      job.cancel(true);
      Thread.currentThread().interrupt();
      throw BellowsException.infrastructure("prepare was interrupted", e);
    } catch (ExecutionException e) {
      throw watch.failure("writing " + work.folder(), e.getCause() == null ? e : e.getCause());
    }
  }

  /** Null when the job still runs. */
  private static List<ShardTask.Done> poll(JavaFutureAction<List<ShardTask.Done>> job)
      throws InterruptedException, ExecutionException {
    try {
      return job.get(POLL_MILLISECONDS, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return null;
    }
  }
}
