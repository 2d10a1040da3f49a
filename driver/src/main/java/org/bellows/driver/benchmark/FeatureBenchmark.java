// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.benchmark;

import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.bellows.conf.ProblemCollector;
import org.bellows.conf.Settings;
import org.bellows.data.batch.EvaluationTransform;
import org.bellows.data.batch.InputSpec;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.manifest.ManifestFile;
import org.bellows.data.manifest.Split;
import org.bellows.data.shard.DatasetReader;
import org.bellows.data.shard.SampleRange;
import org.bellows.driver.features.ExtractJob;
import org.bellows.driver.progress.ImageWatch;
import org.bellows.driver.progress.ProgressLine;
import org.bellows.worker.engine.EngineRequest;
import org.bellows.worker.features.FeatureRequest;
import org.bellows.worker.model.TrainedModel;
import org.bellows.worker.network.LaneNetwork;

/**
 * {@code extract-features} on a prepared dataset, beside the network's bare forward pass over one
 * batch that is in memory as floats, in alternating rounds. The first of each does not count.
 */
public final class FeatureBenchmark {
  private final JavaSparkContext spark;
  private final Settings settings;
  private final String version;

  /**
   * Medians of the rounds.
   *
   * @param bareImagesPerSecond of the forward pass to the layer
   * @param imagesPerSecond of the whole job: read, decode, compute, write
   * @param ratio of the second to the first, the median of the rounds' own ratios
   */
  public record Row(
      String layer,
      long images,
      double bareImagesPerSecond,
      double imagesPerSecond,
      double ratio) {}

  /**
   * @param settings with {@code data.path}, {@code model.path} and {@code output.path}
   */
  public FeatureBenchmark(JavaSparkContext spark, Settings settings, String version) {
    this.spark = spark;
    this.settings = settings;
    this.version = version;
  }

  /**
   * The subject of the measurement, read before Spark starts.
   *
   * @param layer whose output is computed
   */
  public record Inputs(TrainedModel model, String layer, DatasetManifest manifest) {}

  /**
   * @throws org.bellows.conf.BellowsException with all that is wrong with model and dataset
   */
  public static Inputs inputs(Configuration hadoop, Settings settings) {
    ProblemCollector problems = new ProblemCollector();
    Optional<TrainedModel> model =
        problems.of(() -> TrainedModel.read(hadoop, settings.model().path()));
    Optional<DatasetManifest> manifest =
        problems.of(() -> ManifestFile.read(hadoop, settings.data().path()));
    Settings.Features features = settings.features();
    Optional<String> layer =
        model.flatMap(
            read ->
                problems.of(
                    () ->
                        FeatureRequest.of(read.card(), features.layer(), features.pooling(), 0)
                            .layer()));
    problems.requireNone();
    return new Inputs(model.orElseThrow(), layer.orElseThrow(), manifest.orElseThrow());
  }

  public Row run(Inputs inputs, int rounds) {
    Configuration hadoop = spark.hadoopConfiguration();
    TrainedModel model = inputs.model();
    String layer = inputs.layer();
    DatasetManifest manifest = inputs.manifest();
    long images = manifest.splits().stream().mapToLong(Split::samples).sum();
    double[] bare = new double[rounds];
    double[] whole = new double[rounds];
    double[] ratios = new double[rounds];
    try (LaneNetwork network = model.open(EngineRequest.of(settings.evaluate()))) {
      InputSpec input = model.inputSpec(settings.augment());
      float[] batch = batch(hadoop, manifest, input);
      int n = batch.length / input.sampleLength();
      forward(network, batch, n, layer, n);
      extract();
      for (int round = 0; round < rounds; round++) {
        bare[round] = forward(network, batch, n, layer, images);
        whole[round] = images / extract();
        ratios[round] = whole[round] / bare[round];
      }
    }
    return new Row(layer, images, Median.of(bare), Median.of(whole), Median.of(ratios));
  }

  private float[] batch(Configuration hadoop, DatasetManifest manifest, InputSpec input) {
    DatasetReader dataset =
        new DatasetReader(
            hadoop, settings.data().path(), manifest, manifest.splits().get(0).name());
    int n = (int) Math.min(dataset.samples(), settings.evaluate().batch());
    float[] pixels = new float[n * input.sampleLength()];
    try (EvaluationTransform transform = EvaluationTransform.trusted(input);
        SampleRange samples = new SampleRange(dataset, 0, n)) {
      float[] views = new float[transform.views() * input.sampleLength()];
      for (int i = 0; i < n; i++) {
        transform.apply(samples.next().withoutMask(), views, 0);
        System.arraycopy(views, 0, pixels, i * input.sampleLength(), input.sampleLength());
      }
    }
    return pixels;
  }

  /** Images a second. */
  private static double forward(
      LaneNetwork network, float[] batch, int n, String layer, long images) {
    long start = System.nanoTime();
    long done = 0;
    while (done < images) {
      network.activations(batch, n, layer);
      done += n;
    }
    return done / seconds(start);
  }

  /** Seconds. */
  private double extract() {
    long start = System.nanoTime();
    ImageWatch watch =
        new ImageWatch(
            spark, "benchmark features", new ProgressLine(settings.metrics().progressSeconds()));
    new ExtractJob(spark, settings, version).run(watch);
    return seconds(start);
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) * 1e-9;
  }
}
