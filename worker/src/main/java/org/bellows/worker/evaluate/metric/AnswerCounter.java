// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.evaluate.metric;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.bellows.worker.evaluate.label.LabelAnswers;
import org.bellows.worker.evaluate.label.LabelScores;

/**
 * Counts the answers for all metrics. Counts add up in any order; sums are kept by part (a batch, a
 * partition), so that they are added in the order of the parts on any number of workers. Not
 * thread-safe.
 */
public final class AnswerCounter implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final List<SampleMetric> OF_SAMPLES =
      Metrics.all().stream()
          .filter(SampleMetric.class::isInstance)
          .map(SampleMetric.class::cast)
          .toList();

  private final int classes;
  private final AnswerKind kind;
  private final ConfusionCounter confusion;

  /** By part, of each of {@link #OF_SAMPLES}. */
  private final TreeMap<Integer, double[]> sums = new TreeMap<>();

  private final CalibrationCounter calibration = new CalibrationCounter();
  private final ShareMeans dice = new ShareMeans(1);
  private final ShareMeans boundaryF1;
  private final LabelAnswers labels;

  /** Of labels: from which probability on a class is an answer; else empty. */
  private final double[] thresholds;

  /** Of all that is counted; null before it is asked for. */
  private transient LabelScores labelScores;

  private long voidPixels;
  private long samples;

  /** Of answers that say a class of each sample. */
  public AnswerCounter(int classes) {
    this(classes, AnswerKind.SAMPLES, new double[0]);
  }

  /** Of answers that say a class of each pixel. */
  public static AnswerCounter ofPixels(int classes) {
    return new AnswerCounter(classes, AnswerKind.PIXELS, new double[0]);
  }

  /**
   * Of answers that say any number of classes of each sample.
   *
   * @param thresholds by class: from which probability on a class is an answer
   */
  public static AnswerCounter ofLabels(double[] thresholds) {
    return new AnswerCounter(thresholds.length, AnswerKind.LABELS, thresholds);
  }

  /**
   * @param thresholds by class where answers are of labels; else not asked for
   */
  public AnswerCounter(int classes, AnswerKind kind, double[] thresholds) {
    this.classes = classes;
    this.kind = kind;
    this.thresholds = thresholds.clone();
    // Labels have no confusion: a sample is taken for any number of classes.
    this.confusion = new ConfusionCounter(kind == AnswerKind.LABELS ? 0 : classes);
    this.boundaryF1 = new ShareMeans(kind == AnswerKind.PIXELS ? classes : 0);
    this.labels = new LabelAnswers(classes);
  }

  /**
   * @param part whose answers are counted one after the other, in an order that is always the same
   */
  public void count(int part, ClassAnswer answer) {
    samples++;
    confusion.add(answer.actual(), answer.isFinite() ? answer.predicted() : classes);
    calibration.add(answer);
    double[] sum = sums.computeIfAbsent(part, any -> new double[OF_SAMPLES.size()]);
    for (int i = 0; i < sum.length; i++) {
      sum[i] += OF_SAMPLES.get(i).of(answer);
    }
  }

  /**
   * Counts a picture whose pixels have classes.
   *
   * @param picture its place in the split, which is a part by itself
   */
  public void count(int picture, PictureAnswer answer) {
    samples++;
    confusion.add(answer.confusion());
    voidPixels += answer.voidPixels();
    dice.add(new PixelConfusion(answer.confusion()).meanDice());
    boundaryF1.add(answer.boundaryF1());
    double[] sum = sums.computeIfAbsent(picture, any -> new double[OF_SAMPLES.size()]);
    sum[OF_SAMPLES.indexOf(Metrics.LOSS)] += answer.loss();
  }

  /**
   * Counts an answer that says any number of classes.
   *
   * @param answer probability of each class
   * @param own classes of the sample, rising
   * @param loss of the answer
   */
  public void count(int part, float[] answer, int[] own, double loss) {
    samples++;
    labelScores = null;
    labels.add(answer, own);
    double[] sum = sums.computeIfAbsent(part, any -> new double[OF_SAMPLES.size()]);
    sum[OF_SAMPLES.indexOf(Metrics.LOSS)] += loss;
  }

  public AnswerKind kind() {
    return kind;
  }

  public double[] thresholds() {
    return thresholds.clone();
  }

  /** Samples whose answer is not finite; of labels. */
  public long labelsNotFinite() {
    return labels.notFinite();
  }

  /** Of labels. */
  public LabelScores labelScores() {
    if (labelScores == null) {
      labelScores = LabelScores.of(labels, thresholds);
    }
    return labelScores;
  }

  public void add(AnswerCounter other) {
    samples += other.samples;
    labelScores = null;
    labels.add(other.labels);
    confusion.add(other.confusion.counts());
    calibration.add(other.calibration);
    voidPixels += other.voidPixels;
    dice.add(other.dice);
    boundaryF1.add(other.boundaryF1);
    other.sums.forEach(
        (part, theirs) -> {
          double[] sum = sums.computeIfAbsent(part, any -> new double[theirs.length]);
          for (int i = 0; i < sum.length; i++) {
            sum[i] += theirs[i];
          }
        });
  }

  public long samples() {
    return samples;
  }

  /** All that was counted so far; what is sent afterwards holds no room for more. */
  public ConfusionCounts confusion() {
    return confusion.counts();
  }

  /** Empty where answers have no probabilities, or say a class of each pixel. */
  public Optional<Calibration> calibration() {
    return calibration.calibration();
  }

  /** Pixels of all pictures that have no class in truth. */
  public long voidPixels() {
    return voidPixels;
  }

  /** The mean over the pictures that have the class; NaN where none has. */
  public double boundaryF1(int label) {
    return boundaryF1.mean(label);
  }

  double boundaryF1() {
    return boundaryF1.mean();
  }

  double dice() {
    return dice.mean();
  }

  double mean(SampleMetric metric) {
    int at = OF_SAMPLES.indexOf(metric);
    double total = 0;
    for (double[] ofPart : sums.values()) {
      total += ofPart[at];
    }
    return total / samples;
  }

  /** The values of all metrics of such answers. */
  public MetricValues values() {
    Map<Metric, Double> values = new LinkedHashMap<>();
    kind.metrics().forEach(metric -> values.put(metric, metric.value(this)));
    return MetricValues.of(values);
  }
}
