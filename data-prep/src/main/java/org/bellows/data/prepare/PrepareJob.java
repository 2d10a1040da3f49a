// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ProblemCollector;
import org.bellows.conf.SourceSettings.Format;
import org.bellows.conf.part.PrepareSettings;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.prepare.folder.ListFile;
import org.bellows.data.prepare.folder.OutputFolder;
import org.bellows.data.prepare.folder.ShardRecord;
import org.bellows.data.prepare.folder.StagingFolder;
import org.bellows.data.prepare.listing.ItemRows;
import org.bellows.data.prepare.listing.ListingCounts;
import org.bellows.data.prepare.listing.SourceLister;
import org.bellows.data.prepare.shard.ProgressListener;
import org.bellows.data.prepare.shard.ShardJob;
import org.bellows.data.prepare.shard.ShardPlan;
import org.bellows.data.prepare.shard.ShardTask;
import org.bellows.data.prepare.shard.TaskProgressListener;
import org.bellows.data.prepare.source.Sources;
import org.bellows.data.prepare.source.SplitRules;
import org.bellows.data.prepare.source.part.Source;
import org.bellows.data.storage.DisjointPaths;
import org.bellows.data.storage.Storage;
import org.bellows.data.storage.lease.Fence;
import org.bellows.data.storage.lease.Lease;

/** The command {@code prepare}: raw images to Parquet shards and a manifest. */
public final class PrepareJob {
  private static final double NANOSECONDS = 1e9;

  /** Of a fingerprint, in the name of a folder. */
  private static final int NAME_DIGITS = 16;

  private final JavaSparkContext spark;
  private final PrepareSettings settings;
  private final ProgressListener listener;
  private final OutputFolder output;
  private final long start = System.nanoTime();

  private PrepareJob(JavaSparkContext spark, PrepareSettings settings, ProgressListener listener) {
    this(spark, settings, listener, settings.data().path());
  }

  private PrepareJob(
      JavaSparkContext spark,
      PrepareSettings settings,
      ProgressListener listener,
      String outputPath) {
    this.spark = spark;
    this.settings = settings;
    this.listener = listener;
    this.output = new OutputFolder(spark.hadoopConfiguration(), outputPath);
  }

  /**
   * Reads {@code source.path}, writes {@code data.path}.
   *
   * @throws BellowsException data: the source is missing, badly laid out, or more of it is refused
   *     than {@code data.max-bad-fraction}; configuration: the output holds something else, or
   *     another run is at work there; infrastructure: disk full, executors lost. Finished shards
   *     are kept then, and the next run on the same source resumes from them.
   */
  public static PrepareSummary run(
      JavaSparkContext spark, PrepareSettings settings, ProgressListener listener) {
    return new PrepareJob(spark, settings, listener).run();
  }

  /**
   * The same of rows that Spark reads.
   *
   * @throws BellowsException as above
   */
  public static PrepareSummary run(
      JavaSparkContext spark, PrepareSettings settings, ItemRows rows, ProgressListener listener) {
    return new PrepareJob(spark, settings, listener)
        .guarded(job -> job.listAndWrite(new SourceLister(spark, rows), rows.source()));
  }

  /**
   * A dataset of rows, and where it is.
   *
   * @param path a folder below {@code data.path}
   */
  public record Kept(String path, PrepareSummary summary) {}

  /**
   * The same, in a folder below {@code data.path} that is named after the fingerprint: datasets of
   * several tables lie beside one another, and each is found again as long as its content is the
   * same.
   *
   * @throws BellowsException as above
   */
  public static Kept runBelow(
      JavaSparkContext spark, PrepareSettings settings, ItemRows rows, ProgressListener listener) {
    PrepareJob listing = new PrepareJob(spark, settings, listener);
    try (SourceLister lister = new SourceLister(spark, rows)) {
      Contents contents = listing.list(rows.source(), lister);
      String name = contents.fingerprint(settings.prepare()).substring(0, NAME_DIGITS);
      String path = new Path(listing.output.folder(), name).toString();
      PrepareJob writing = new PrepareJob(spark, settings, listener, path);
      return new Kept(path, writing.guarded(job -> job.writeOrCompare(contents, lister)));
    }
  }

  /**
   * Checks before Spark starts: whether the source exists and has the right layout, and whether the
   * dataset may be written to its path.
   *
   * @throws BellowsException (configuration, data) with all that is wrong
   */
  public static void check(Configuration hadoop, PrepareSettings settings) {
    ProblemCollector problems = new ProblemCollector();
    if (settings.source().format() != Format.SPARK) {
      problems
          .of(() -> source(hadoop, settings))
          .ifPresent(
              source ->
                  problems.check(
                      () -> Contents.rules(hadoop, settings.source(), source, List.of())));
    }
    problems.check(
        () -> {
          OutputFolder output = new OutputFolder(hadoop, settings.data().path());
          requireFree(output);
        });
    problems.requireNone();
  }

  private static Source source(Configuration hadoop, PrepareSettings settings) {
    return SplitRules.of(
        Sources.find(hadoop, settings.source()), settings.source(), settings.prepare());
  }

  private static void requireFree(OutputFolder output) {
    try {
      if (output.dataset().isEmpty()) {
        output.requireOurs();
      }
    } catch (IOException e) {
      throw Storage.failure("reading " + output.folder(), e);
    }
  }

  /**
   * Whether a failed result may be written into {@code data.path}: there is no dataset in it, and
   * no file of another owner.
   */
  public static boolean mayWriteFailure(Configuration hadoop, String dataPath) {
    OutputFolder output = new OutputFolder(hadoop, dataPath);
    try {
      return output.dataset().isEmpty() && output.foreignEntry().isEmpty();
    } catch (IOException e) {
      throw Storage.failure("reading " + output.folder(), e);
    }
  }

  private PrepareSummary run() {
    requireApart(spark.hadoopConfiguration(), settings);
    Source source = source(spark.hadoopConfiguration(), settings);
    return guarded(job -> job.listAndWrite(new SourceLister(spark, source), source));
  }

  private interface Work {
    PrepareSummary of(PrepareJob job) throws IOException;
  }

  private PrepareSummary guarded(Work work) {
    try {
      return work.of(this);
    } catch (IOException e) {
      throw Storage.writeFailure(output.folder(), e);
    } catch (FSError e) {
      throw Storage.writeFailure(output.folder(), Storage.unwrap(e));
    }
  }

  private PrepareSummary listAndWrite(SourceLister all, Source source) throws IOException {
    try (SourceLister lister = all) {
      if (output.dataset().isPresent()) {
        return alreadyPrepared(list(source, lister));
      }
      output.requireOurs();
      try (Lease lease = output.take()) {
        return write(list(source, lister), lister, lease);
      }
    }
  }

  private PrepareSummary writeOrCompare(Contents contents, SourceLister lister) throws IOException {
    if (output.dataset().isPresent()) {
      return alreadyPrepared(contents);
    }
    output.requireOurs();
    try (Lease lease = output.take()) {
      return write(contents, lister, lease);
    }
  }

  private PrepareSummary alreadyPrepared(Contents contents) throws IOException {
    ListingCounts listing = contents.listing();
    DatasetManifest manifest = output.dataset().orElseThrow();
    if (!manifest
        .provenance()
        .sourceFingerprint()
        .equals(contents.fingerprint(settings.prepare()))) {
      throw output.somethingElse("a dataset of another source or other prepare settings");
    }
    Refusals refusals =
        new Refusals(manifest.provenance().refused(), listing.images(), Map.of(), List.of());
    refusals.requireFew(settings.data().maxBadFraction(), quarantine());
    output.removeAttempts();
    return PrepareSummary.of(
        manifest, Map.of(), PrepareSummary.Work.NONE, seconds(), lists(listing));
  }

  private PrepareSummary write(Contents contents, SourceLister lister, Lease lease)
      throws IOException {
    if (output.dataset().isPresent()) {
      // Another run came to its end while this one waited or listed.
      return alreadyPrepared(contents);
    }
    lease.requireHeld();
    StagingFolder work = output.open(contents.fingerprint(settings.prepare()));
    try {
      return write(contents, lister, work, lease);
    } catch (IOException | RuntimeException | FSError e) {
      if (lease.isHeld()) {
        output.discardUnfinished(work, e);
      }
      throw e;
    }
  }

  private Contents list(Source source, SourceLister lister) {
    TaskProgressListener watch = new TaskProgressListener(ShardTask.Counters.of(spark.sc()));
    spark.sc().addSparkListener(watch);
    ListingCounts listing;
    try {
      listing = lister.summarize();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      // Scala's methods throw checked exceptions without declaring them.
      throw watch.failure("listing " + source.root(), e);
    } finally {
      spark.sc().removeSparkListener(watch);
    }
    listing.requireSound(source);
    return Contents.of(spark.hadoopConfiguration(), settings.source(), source, listing);
  }

  private PrepareSummary write(
      Contents contents, SourceLister lister, StagingFolder work, Fence fence) throws IOException {
    Source source = contents.source();
    ListingCounts listing = contents.listing();
    List<ShardPlan> plans = new ArrayList<>();
    for (String split : listing.splitNames(source)) {
      plans.addAll(ShardPlan.of(split, listing.split(split), settings.prepare()));
    }
    ShardJob job = new ShardJob(spark, settings.prepare(), listener, work);
    Map<String, ShardRecord> records = job.finished(plans);
    int reused = records.size();
    long reusedImages = records.values().stream().mapToLong(ShardRecord::items).sum();
    long reusedBytes = records.values().stream().mapToLong(ShardRecord::itemBytes).sum();
    records.putAll(
        job.write(
            source, listing, contents.masks(), contents.isMultiLabel(), lister, plans, records));
    List<ShardRecord> ordered = plans.stream().map(plan -> records.get(plan.name())).toList();
    requireAll(source, listing, ordered);
    Refusals refusals = Refusals.of(ordered, listing.images());
    writeLists(listing, lister, work, fence, ordered);
    refusals.requireFew(settings.data().maxBadFraction(), quarantine());
    DatasetManifest manifest =
        new ManifestMaker(contents, settings.prepare()).make(plans, records, refusals.refused());
    output.commit(work, manifest, fence);
    return PrepareSummary.of(
        manifest,
        refusals.kinds(),
        new PrepareSummary.Work(
            reused, listing.images() - reusedImages, listing.bytes() - reusedBytes),
        seconds(),
        lists(listing));
  }

  /** Each listed item must be in a shard or its quarantine. */
  private static void requireAll(Source source, ListingCounts listing, List<ShardRecord> records) {
    long items = records.stream().mapToLong(ShardRecord::items).sum();
    if (items != listing.images()) {
      throw BellowsException.data(
          "source %s changed while it was read: %d images were listed, then %d"
              .formatted(source.root(), listing.images(), items));
    }
  }

  private void writeLists(
      ListingCounts listing,
      SourceLister lister,
      StagingFolder work,
      Fence fence,
      List<ShardRecord> records)
      throws IOException {
    long passedOver = listing.passedOver().values().stream().mapToLong(Long::longValue).sum();
    List<Path> parts = PassedOverList.write(spark, lister, passedOver, work);
    fence.requireHeld();
    output.write(ListFile.PASSED_OVER, parts);
    output.write(
        ListFile.QUARANTINE,
        records.stream()
            .filter(shard -> shard.quarantine() != null)
            .map(shard -> work.quarantine(shard.name()))
            .toList());
  }

  /** Inside its own source the dataset would be listed as a split the next time. */
  private static void requireApart(Configuration hadoop, PrepareSettings settings) {
    new DisjointPaths(hadoop)
        .apart("data.path", settings.data().path(), "source.path", settings.source().path())
        .require();
  }

  private String quarantine() {
    return output.list(ListFile.QUARANTINE).toString();
  }

  private PrepareSummary.Lists lists(ListingCounts listing) {
    return new PrepareSummary.Lists(
        quarantine(), listing.passedOver(), output.list(ListFile.PASSED_OVER).toString());
  }

  private double seconds() {
    return (System.nanoTime() - start) / NANOSECONDS;
  }
}
