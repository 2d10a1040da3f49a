package org.bellows.data.prepare;

import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import org.bellows.conf.BellowsException;
import org.bellows.conf.Settings;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.manifest.Provenance;
import org.bellows.data.manifest.Shard;
import org.bellows.data.manifest.Split;
import org.bellows.data.prepare.Source.SourceSplit;
import org.bellows.data.storage.Storage;

/** The command {@code prepare}: raw images to Parquet shards and a manifest. */
public final class PrepareJob {
  private static final long POLL_MILLISECONDS = 500;
  private static final double NANOSECONDS = 1e9;
  private static final int SHOWN_REFUSALS = 5;

  private final JavaSparkContext spark;
  private final Settings settings;
  private final ProgressListener listener;
  private final long start = System.nanoTime();

  private PrepareJob(JavaSparkContext spark, Settings settings, ProgressListener listener) {
    this.spark = spark;
    this.settings = settings;
    this.listener = listener;
  }

  /**
   * Reads {@code source.path}, writes {@code data.path}.
   *
   * @throws BellowsException data: the source is missing, badly laid out, or more of it is refused
   *     than {@code prepare.max-bad-fraction}; configuration: the output holds something else;
   *     infrastructure: disk full, executors lost. Temporary files are gone then.
   */
  public static PrepareSummary run(
      JavaSparkContext spark, Settings settings, ProgressListener listener) {
    return new PrepareJob(spark, settings, listener).run();
  }

  private PrepareSummary run() {
    OutputFolder output = new OutputFolder(spark.hadoopConfiguration(), settings.data().path());
    requireApart(output);
    Source source = Sources.list(spark.hadoopConfiguration(), settings.source());
    String fingerprint = SourceFingerprint.of(source, settings.prepare());
    Optional<DatasetManifest> prepared = output.prepare(fingerprint);
    if (prepared.isPresent()) {
      long refused = prepared.get().provenance().refused();
      requireFewRefused(refused, source.images(), "see " + OutputFolder.REFUSED);
      return PrepareSummary.of(prepared.get(), List.of(), true, seconds());
    }
    try {
      return write(source, fingerprint, output);
    } catch (IOException e) {
      BellowsException failure = Storage.failure("writing " + output.folder(), e);
      output.discard(failure);
      throw failure;
    } catch (RuntimeException e) {
      output.discard(e);
      throw e;
    }
  }

  private PrepareSummary write(Source source, String fingerprint, OutputFolder output)
      throws IOException {
    List<ShardPlan> plans = new ArrayList<>();
    source.splits().forEach(split -> plans.addAll(ShardPlan.of(split, settings.prepare())));
    List<ShardResult> results = runTasks(source, plans, output);
    List<RefusedFile> refused = new ArrayList<>();
    for (ShardResult result : results) {
      if (result.failure() != null) {
        String message = result.failure().message();
        throw result.failure().isInfrastructure()
            ? BellowsException.infrastructure(message)
            : BellowsException.data(message);
      }
      refused.addAll(result.refused());
    }
    requireFewRefused(refused.size(), source.images(), firstOf(refused));
    List<Split> splits = new ArrayList<>();
    Set<String> kept = new HashSet<>();
    for (SourceSplit split : source.splits()) {
      splits.add(collect(split, source.channels(), plans, results, output));
    }
    splits.forEach(
        split ->
            split.shards().forEach(s -> kept.add(s.path().substring(s.path().indexOf('/') + 1))));
    DatasetManifest manifest =
        new DatasetManifest(
            DatasetManifest.FORMAT_VERSION,
            source.classes(),
            splits,
            provenance(source, fingerprint, refused.size()));
    output.commit(manifest, refused, kept);
    return PrepareSummary.of(manifest, refused, false, seconds());
  }

  private List<ShardResult> runTasks(Source source, List<ShardPlan> plans, OutputFolder output) {
    LongAccumulator progress = spark.sc().longAccumulator("images");
    ShardTask task =
        new ShardTask(
            new SerializableConfiguration(spark.hadoopConfiguration()),
            new ShardTask.Output(
                output.temporaryShards().toString(),
                settings.prepare().blockKibibytes(),
                settings.prepare().maxPixels(),
                source.channels()),
            progress);
    JavaFutureAction<List<ShardResult>> job =
        spark.parallelize(plans, plans.size()).map(task).collectAsync();
    try {
      List<ShardResult> results = null;
      while (results == null) {
        results = poll(job);
        // A task that ran twice counted its images twice.
        listener.progress(Math.min(progress.value(), source.images()), source.images());
      }
      return results;
    } catch (InterruptedException e) {
      job.cancel(true);
      Thread.currentThread().interrupt();
      throw BellowsException.infrastructure("prepare was interrupted", e);
    } catch (ExecutionException e) {
      throw failure(e.getCause() == null ? e : e.getCause(), output);
    }
  }

  /** Null when the job still runs. */
  private static List<ShardResult> poll(JavaFutureAction<List<ShardResult>> job)
      throws InterruptedException, ExecutionException {
    try {
      return job.get(POLL_MILLISECONDS, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return null;
    }
  }

  /**
   * Spark wraps a task's exception into text: all that can be done is to pass its first line on.
   */
  private static BellowsException failure(Throwable cause, OutputFolder output) {
    return BellowsException.infrastructure(
        "writing " + output.folder() + " failed: " + Storage.reason(cause), cause);
  }

  /** Moments are added in shard order: floating-point sums depend on it. */
  private static Split collect(
      SourceSplit split,
      int channels,
      List<ShardPlan> plans,
      List<ShardResult> results,
      OutputFolder output)
      throws IOException {
    PixelMoments moments = new PixelMoments(channels);
    List<Shard> shards = new ArrayList<>();
    long bytes = 0;
    for (int i = 0; i < plans.size(); i++) {
      ShardResult result = results.get(i);
      if (plans.get(i).split().equals(split.name()) && !result.blockSamples().isEmpty()) {
        moments.add(result.moments());
        bytes += result.imageBytes();
        output.keep(result.file(), plans.get(i).name());
        shards.add(
            new Shard(
                OutputFolder.SHARDS + "/" + plans.get(i).name(),
                result.bytes(),
                result.sha256(),
                result.blockSamples()));
      }
    }
    if (shards.isEmpty()) {
      throw BellowsException.data(
          "all %d images of split %s were refused".formatted(split.items().size(), split.name()));
    }
    return new Split(
        split.name(),
        shards.stream().mapToLong(Shard::samples).sum(),
        bytes,
        List.of(moments.mean()),
        List.of(moments.standardDeviation()),
        shards);
  }

  private Provenance provenance(Source source, String fingerprint, long refused) {
    String version = PrepareJob.class.getPackage().getImplementationVersion();
    return new Provenance(
        source.root().toString(),
        source.format().name().toLowerCase(Locale.ROOT),
        fingerprint,
        settings.prepare().seed(),
        version == null ? "development" : version,
        source.channels(),
        refused,
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
  }

  private void requireFewRefused(long refused, long images, String which) {
    double allowed = settings.prepare().maxBadFraction();
    if (refused > allowed * images) {
      throw BellowsException.data(
          "%d of %d images are refused, more than prepare.max-bad-fraction = %s allows: %s"
              .formatted(refused, images, allowed, which));
    }
  }

  private static String firstOf(List<RefusedFile> refused) {
    String more =
        refused.size() > SHOWN_REFUSALS
            ? "; and " + (refused.size() - SHOWN_REFUSALS) + " more"
            : "";
    return refused.stream()
        .limit(SHOWN_REFUSALS)
        .map(file -> file.path() + " " + file.reason())
        .collect(Collectors.joining("; ", "", more));
  }

  /** Inside its own source the dataset would be listed as a split the next time. */
  private void requireApart(OutputFolder output) {
    String source = Storage.qualify(settings.source().path()) + "/";
    String target = output.folder() + "/";
    if (target.startsWith(source) || source.startsWith(target)) {
      throw BellowsException.configuration(
          "data.path %s and source.path %s lie inside one another"
              .formatted(output.folder(), settings.source().path()));
    }
  }

  private double seconds() {
    return (System.nanoTime() - start) / NANOSECONDS;
  }
}
