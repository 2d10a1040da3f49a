// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.estimator;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.ml.evaluation.Evaluator;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.ml.util.DefaultParamsWriter;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.bellows.conf.BellowsException;
import org.bellows.conf.PublicApi;
import org.bellows.conf.Settings;
import org.bellows.conf.load.SettingsLoader;
import org.bellows.conf.text.Words;
import org.bellows.data.prepare.mask.MaskRules;
import org.bellows.data.prepare.mask.MaskRulesReader;
import org.bellows.driver.frame.FrameSource;
import org.bellows.worker.evaluate.metric.ConfusionCounter;
import org.bellows.worker.evaluate.metric.ConfusionCounts;
import org.bellows.worker.evaluate.metric.ConfusionMetric;
import org.bellows.worker.evaluate.metric.Metrics;
import org.bellows.worker.evaluate.metric.PixelConfusion;

/**
 * Compares label maps with masks, pixel by pixel, for {@code CrossValidator} and {@code
 * TrainValidationSplit} over an {@link ImageSegmenter}. The metrics are those of {@code evaluate}:
 * counts over all pixels of all rows, but for those that a mask leaves void.
 *
 * <pre>
 * new SegmentationEvaluator()
 *     .setSettings(new String[] {"source.pixel-classes=[background, cell]", "source.mask-values=[0, 255]"})
 *     .evaluate(model.transform(images));
 * </pre>
 */
@PublicApi
public final class SegmentationEvaluator extends Evaluator implements MLWritable {
  private static final long serialVersionUID = 1L;

  /** What settings may say: what the values of masks mean. */
  private static final List<String> ALLOWED =
      List.of(
          "source.pixel-classes",
          "source.mask-colours",
          "source.mask-void",
          "source.mask-shift",
          "source.mask-values",
          "source.mask-threshold",
          "prepare.max-pixels");

  private static final List<ConfusionMetric> METRICS =
      Metrics.ofPixels().stream()
          .filter(ConfusionMetric.class::isInstance)
          .map(ConfusionMetric.class::cast)
          .toList();

  private final String uid;
  private final Param<String> predictionCol;
  private final Param<String> maskCol;
  private final Param<String> metricName;
  private final StringArrayParam settings;

  public SegmentationEvaluator() {
    this("segmentation-evaluator-" + UUID.randomUUID().toString().substring(0, 12));
  }

  /** As Spark ML makes stages that it reads. */
  public SegmentationEvaluator(String uid) {
    this.uid = uid;
    predictionCol = text("predictionCol", "column of label maps, as a segmenter's model adds it");
    maskCol = text("maskCol", "column of encoded masks (binary) or of their paths (string)");
    metricName = text("metricName", MetricNames.allowed(METRICS));
    settings = new StringArrayParam(this, "settings", "key=value, of " + Words.and(ALLOWED));
    setDefault(predictionCol, "prediction");
    setDefault(maskCol, "mask");
    setDefault(metricName, Metrics.MIOU.name());
    setDefault(settings, new String[0]);
  }

  private Param<String> text(String name, String meaning) {
    return new Param<>(this, name, meaning);
  }

  @Override
  public String uid() {
    return uid;
  }

  public Param<String> predictionCol() {
    return predictionCol;
  }

  public Param<String> maskCol() {
    return maskCol;
  }

  public Param<String> metricName() {
    return metricName;
  }

  public StringArrayParam settings() {
    return settings;
  }

  public SegmentationEvaluator setPredictionCol(String value) {
    set(predictionCol, value);
    return this;
  }

  public SegmentationEvaluator setMaskCol(String value) {
    set(maskCol, value);
    return this;
  }

  /**
   * @throws BellowsException (configuration) for a name that no metric has
   */
  public SegmentationEvaluator setMetricName(String value) {
    MetricNames.of(METRICS, value);
    set(metricName, value);
    return this;
  }

  /**
   * @param values such as {@code source.mask-values=[0, 255]}, as the segmenter has them
   * @throws BellowsException (configuration) for a setting that there is not, or that comparing
   *     does not depend on
   */
  public SegmentationEvaluator setSettings(String[] values) {
    load(values);
    set(settings, values.clone());
    return this;
  }

  private static Settings load(String[] values) {
    Settings loaded = new SettingsLoader().set(List.of(values)).load(List.of(), List.of());
    for (String value : values) {
      String key = value.substring(0, value.indexOf('=')).strip();
      if (!ALLOWED.contains(key)) {
        throw BellowsException.configuration(
            "settings holds %s, which comparing masks does not depend on; allowed: %s"
                .formatted(key, Words.and(ALLOWED)));
      }
    }
    return loaded;
  }

  private String textOf(Param<String> param) {
    return getOrDefault(param);
  }

  /**
   * The metric over all rows, 0 to 1.
   *
   * @throws BellowsException configuration: columns are missing or of another type; data: a row has
   *     no prediction or no mask, or its mask cannot be compared; or no mask has a class
   */
  @Override
  public double evaluate(Dataset<?> dataset) {
    StructType schema = dataset.schema();
    MaskComparison.requirePredictions(ImageEstimator.field(schema, textOf(predictionCol)));
    FrameSource.requireMasks(ImageEstimator.field(schema, textOf(maskCol)), ImageFit.PLACE);
    Configuration hadoop = dataset.sparkSession().sparkContext().hadoopConfiguration();
    Settings inForce = load(getOrDefault(settings));
    MaskRules rules = MaskRulesReader.read(hadoop, inForce.source(), Optional.empty(), List.of());
    MaskComparison comparison =
        new MaskComparison(
            new SerializableConfiguration(hadoop), rules, inForce.prepare().maxPixels());
    List<MaskComparison.Found> found =
        dataset
            .toDF()
            .select(
                ImageEstimator.column(textOf(predictionCol)),
                ImageEstimator.column(textOf(maskCol)))
            .javaRDD()
            .mapPartitions(comparison)
            .collect();
    ConfusionCounter all = new ConfusionCounter(comparison.classes());
    for (MaskComparison.Found ofPartition : found) {
      if (ofPartition.problem() != null) {
        throw BellowsException.data(ofPartition.problem());
      }
      all.add(ofPartition.counts());
    }
    return value(MetricNames.of(METRICS, textOf(metricName)), all.counts());
  }

  static double value(ConfusionMetric metric, ConfusionCounts counts) {
    if (new PixelConfusion(counts).isEmpty()) {
      throw BellowsException.data(
          "no pixel of the rows has a class in its mask, so there is nothing to compare: there are no rows, or their masks are void everywhere");
    }
    return metric.of(counts);
  }

  /** Of all metrics more is better. */
  @Override
  public boolean isLargerBetter() {
    return MetricNames.of(METRICS, textOf(metricName)).higherIsBetter();
  }

  @Override
  public SegmentationEvaluator copy(ParamMap extra) {
    return defaultCopy(extra);
  }

  /** Writes the parameters. */
  @Override
  public MLWriter write() {
    return new DefaultParamsWriter(this);
  }

  /** The method that Spark ML calls to read a saved evaluator. */
  public static MLReader<SegmentationEvaluator> read() {
    return new ImageModelReader<>(SegmentationEvaluator.class, SegmentationEvaluator::new);
  }

  public static SegmentationEvaluator load(String path) {
    return read().load(path);
  }
}
