package org.bellows.driver.benchmark;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.bellows.conf.Settings;
import org.bellows.data.batch.InputSpec;
import org.bellows.data.batch.InputTransform;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.manifest.ManifestFile;
import org.bellows.data.manifest.Split;
import org.bellows.data.shard.DatasetReader;
import org.bellows.data.shard.SampleRange;
import org.bellows.driver.features.ExtractJob;
import org.bellows.driver.features.ExtractWatch;
import org.bellows.driver.progress.Progress;
import org.bellows.worker.features.FeatureRequest;
import org.bellows.worker.model.TrainedModel;
import org.bellows.worker.network.LaneNetwork;

/**
 * {@code extract-features} on a prepared dataset, beside the network's bare forward pass over one
 * batch that lies in memory as floats, in alternating rounds. The first of each does not count.
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
   * @param processorRatio the same by this process's processor time, which other work on the
   *     machine distorts less; above the other where the job uses several cores
   */
  public record Row(
      String layer,
      long images,
      double bareImagesPerSecond,
      double imagesPerSecond,
      double ratio,
      double processorRatio) {}

  /** What was spent on some images: by the wall clock, and of processors. */
  private record Spent(double seconds, double processorSeconds) {}

  /**
   * @param settings where {@code data.path}, {@code model.path} and {@code output.path} lie
   */
  public FeatureBenchmark(JavaSparkContext spark, Settings settings, String version) {
    this.spark = spark;
    this.settings = settings;
    this.version = version;
  }

  public Row run(int rounds) {
    Configuration hadoop = spark.hadoopConfiguration();
    TrainedModel model = TrainedModel.read(hadoop, settings.model().path());
    Settings.Features features = settings.features();
    String layer = FeatureRequest.of(model.card(), features.layer(), features.pooling(), 0).layer();
    DatasetManifest manifest = ManifestFile.read(hadoop, settings.data().path());
    long images = manifest.splits().stream().mapToLong(Split::samples).sum();
    double[] bare = new double[rounds];
    double[] whole = new double[rounds];
    double[] ratios = new double[rounds];
    double[] processorRatios = new double[rounds];
    try (LaneNetwork network = model.open()) {
      InputSpec input = model.inputSpec(settings.augment());
      float[] batch = batch(hadoop, manifest, input);
      int n = batch.length / input.sampleLength();
      forward(network, batch, n, layer, n);
      extract();
      for (int round = 0; round < rounds; round++) {
        Spent forward = forward(network, batch, n, layer, images);
        Spent extract = extract();
        bare[round] = images / forward.seconds();
        whole[round] = images / extract.seconds();
        ratios[round] = forward.seconds() / extract.seconds();
        processorRatios[round] = forward.processorSeconds() / extract.processorSeconds();
      }
    }
    return new Row(
        layer,
        images,
        Median.of(bare),
        Median.of(whole),
        Median.of(ratios),
        Median.of(processorRatios));
  }

  private float[] batch(Configuration hadoop, DatasetManifest manifest, InputSpec input) {
    DatasetReader dataset =
        new DatasetReader(
            hadoop, settings.data().path(), manifest, manifest.splits().get(0).name());
    int n = (int) Math.min(dataset.samples(), settings.evaluate().batch());
    float[] pixels = new float[n * input.sampleLength()];
    try (InputTransform transform = InputTransform.evaluationOfChecked(input);
        SampleRange samples = new SampleRange(dataset, 0, n)) {
      float[] views = new float[transform.views() * input.sampleLength()];
      for (int i = 0; i < n; i++) {
        transform.apply(samples.next(), 0, views, 0);
        System.arraycopy(views, 0, pixels, i * input.sampleLength(), input.sampleLength());
      }
    }
    return pixels;
  }

  /** In whole batches, reckoned for the images asked for. */
  private static Spent forward(
      LaneNetwork network, float[] batch, int n, String layer, long images) {
    Spent spent =
        spent(
            () -> {
              for (long done = 0; done < images; done += n) {
                network.activations(batch, n, layer);
              }
            });
    double share = (double) images / ((images + n - 1) / n * n);
    return new Spent(share * spent.seconds(), share * spent.processorSeconds());
  }

  private Spent extract() {
    ExtractWatch watch =
        new ExtractWatch(spark, new Progress(settings.metrics().progressSeconds()));
    return spent(() -> new ExtractJob(spark, settings, version).run(watch));
  }

  private static Spent spent(Runnable work) {
    var process = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    long start = System.nanoTime();
    long used = process.getProcessCpuTime();
    work.run();
    return new Spent(
        (System.nanoTime() - start) * 1e-9, (process.getProcessCpuTime() - used) * 1e-9);
  }
}
