// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.evaluate.metric;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.bellows.conf.text.Words;

/** The metrics that there are: a new one is a class of its own and an entry here. */
public final class Metrics {
  /** The share of right answers. */
  public static final ConfusionMetric TOP1 = new Accuracy();

  public static final SampleMetric TOP5 = new TopFiveAccuracy();

  /** Where each pixel has a class. */
  public static final ConfusionMetric MIOU = new MeanIou();

  public static final ConfusionMetric PIXEL_ACCURACY = new PixelAccuracy();
  public static final ConfusionMetric MEAN_ACCURACY = new MeanAccuracy();
  public static final ConfusionMetric FREQUENCY_WEIGHTED_IOU = new FrequencyWeightedIou();

  public static final PictureMetric BOUNDARY_F1 = new MeanBoundaryF1();
  public static final PictureMetric DICE = new MeanDice();

  /** Where each sample has any number of classes. */
  public static final LabelMetric MAP = LabelMetric.MAP;

  /** The loss that training minimises. Not finite where an answer is not. */
  public static final SampleMetric LOSS = new CrossEntropy();

  /** In the order of display; the first is the headline metric. */
  private static final List<Metric> ALL =
      joined(
          List.of(
              TOP1,
              TOP5,
              MIOU,
              PIXEL_ACCURACY,
              MEAN_ACCURACY,
              FREQUENCY_WEIGHTED_IOU,
              BOUNDARY_F1,
              DICE),
          LabelMetric.ALL,
          List.of(LOSS));

  private static final List<Metric> OF_PIXELS =
      List.of(MIOU, PIXEL_ACCURACY, MEAN_ACCURACY, FREQUENCY_WEIGHTED_IOU, BOUNDARY_F1, DICE, LOSS);

  /** Each file of metrics of samples holds them, whatever its age. */
  private static final List<Metric> OF_SAMPLES = List.of(TOP1, TOP5, LOSS);

  private static final List<Metric> OF_LABELS = joined(List.of(), LabelMetric.ALL, List.of(LOSS));

  private Metrics() {}

  private static List<Metric> joined(List<Metric> some, List<Metric> more, List<Metric> last) {
    return Stream.of(some, more, last).flatMap(List::stream).toList();
  }

  /** In the order of display. */
  public static List<Metric> all() {
    return ALL;
  }

  /** The one number that a model is known by. */
  public static Metric headline() {
    return ALL.get(0);
  }

  /** The metric of this {@link Metric#name}. */
  public static Optional<Metric> find(String name) {
    return ALL.stream().filter(metric -> metric.name().equals(name)).findFirst();
  }

  /**
   * The metric that a setting chooses.
   *
   * @throws IllegalStateException when there is none of that name: a test compares the two
   */
  public static Metric of(Enum<?> choice) {
    String name = choice.name().toLowerCase(Locale.ROOT).replace('_', '-');
    return find(name).orElseThrow(() -> new IllegalStateException("no metric is named " + name));
  }

  /** Those that at least one of these has; those of samples where none has any. */
  public static List<Metric> inAny(Collection<MetricValues> values) {
    List<Metric> found =
        ALL.stream().filter(metric -> values.stream().anyMatch(one -> one.has(metric))).toList();
    return found.isEmpty() ? OF_SAMPLES : found;
  }

  /** Those of answers that say a class of each sample; each file of such metrics holds them. */
  public static List<Metric> ofSamples() {
    return OF_SAMPLES;
  }

  /** Those of answers that say any number of classes of each sample. */
  public static List<Metric> ofLabels() {
    return OF_LABELS;
  }

  /** Those of answers that say a class of each pixel; files of older builds lack some. */
  public static List<Metric> ofPixels() {
    return OF_PIXELS;
  }

  /** Such as "top1, top5 and loss". */
  static String names(Collection<Metric> metrics) {
    return Words.and(metrics.stream().map(Metric::name).toList());
  }
}
