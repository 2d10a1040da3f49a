package org.bellows.benchmark.upstream;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.storage.StorageLevel;
import org.bellows.benchmark.Dl4jNetwork;
import org.bellows.conf.Settings;
import org.bellows.data.batch.InputSpec;
import org.bellows.data.batch.InputTransform;
import org.bellows.data.batch.Targets;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.manifest.ManifestFile;
import org.bellows.data.shard.BlockCache;
import org.bellows.data.shard.DatasetReader;
import org.bellows.data.shard.EncodedSample;
import org.bellows.data.shard.SampleRange;
import org.bellows.models.network.InputShape;
import org.bellows.models.network.NetworkRegistry;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Trains with dl4j-spark, averaging every {@code sync.period-steps} batches; the default of both is
 * five. Its other defaults are kept, but for two: the updater's state is averaged, too
 * (saveUpdater, documented as the default, is not), and batches come from the executors' memory,
 * decoded, instead of from files that an export wrote: both are in its favour or a matter of
 * correctness.
 */
final class UpstreamTraining {
  private final JavaSparkContext spark;
  private final Settings settings;
  private final DatasetManifest manifest;
  private final JavaRDD<DataSet> batches;
  private final SparkComputationGraph network;
  private final long samples;

  /** Brings the samples to the executors as batches of {@code train.lane-batch}. */
  UpstreamTraining(JavaSparkContext spark, Settings settings) {
    this.spark = spark;
    this.settings = settings;
    this.manifest = ManifestFile.read(spark.hadoopConfiguration(), settings.data().path());
    int executors = settings.cluster().executors();
    List<DataSet> all = read();
    this.samples = (long) all.size() * settings.train().laneBatch();
    this.batches =
        spark
            .parallelize(all, executors)
            .map(UpstreamTraining::asShipped)
            .persist(StorageLevel.MEMORY_ONLY());
    batches.count();
    ParameterAveragingTrainingMaster master =
        new ParameterAveragingTrainingMaster.Builder(executors, settings.train().laneBatch())
            .batchSizePerWorker(settings.train().laneBatch())
            .averagingFrequency(settings.sync().periodSteps())
            .saveUpdater(true)
            .rddTrainingApproach(RDDTrainingApproach.Direct)
            .build();
    this.network =
        new SparkComputationGraph(
            spark,
            Dl4jNetwork.of(
                NetworkRegistry.standard().get(settings.model().name()),
                InputShape.of(settings.model()),
                manifest.classes().size(),
                settings),
            master);
  }

  /** Executors of Bellows have the helpers on. */
  private static DataSet asShipped(DataSet batch) {
    Dl4jNetwork.switchHelpersOff();
    return batch;
  }

  /** Whole batches only. */
  private List<DataSet> read() {
    String split = settings.train().split();
    InputSpec input =
        InputSpec.of(
            settings.augment(), settings.model(), manifest.split(split), settings.train().seed());
    InputShape shape = InputShape.of(settings.model());
    int n = settings.train().laneBatch();
    List<DataSet> all = new ArrayList<>();
    try (BlockCache cache = BlockCache.of(settings.data())) {
      DatasetReader dataset =
          new DatasetReader(
              spark.hadoopConfiguration(), settings.data().path(), manifest, split, cache);
      long limit = settings.train().maxSamples();
      long count = limit == 0 ? dataset.samples() : Math.min(limit, dataset.samples());
      try (InputTransform transform = InputTransform.training(input);
          SampleRange range = new SampleRange(dataset, 0, count / n * n)) {
        while (range.hasNext()) {
          all.add(batch(range, transform, n, shape));
        }
      }
    }
    return all;
  }

  private DataSet batch(SampleRange range, InputTransform transform, int n, InputShape shape) {
    float[] pixels = new float[n * shape.elements()];
    int[] labels = new int[n];
    for (int i = 0; i < n; i++) {
      EncodedSample sample = range.next();
      transform.apply(sample, 0, pixels, i * shape.elements());
      labels[i] = sample.label();
    }
    int classes = manifest.classes().size();
    return new DataSet(
        Nd4j.create(pixels, new long[] {n, shape.channels(), shape.height(), shape.width()}, 'c'),
        Nd4j.create(Targets.oneHot(labels, classes), new long[] {n, classes}, 'c'));
  }

  long samples() {
    return samples;
  }

  /**
   * An epoch.
   *
   * @return images/s, from beginning to end
   */
  double epoch() {
    long begin = System.nanoTime();
    network.fit(batches);
    return samples / ((System.nanoTime() - begin) * 1e-9);
  }
}
