// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.evaluate.metric;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

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
  private final boolean isOfPixels;
  private final ConfusionCounter confusion;

  /** By part, of each of {@link #OF_SAMPLES}. */
  private final TreeMap<Integer, double[]> sums = new TreeMap<>();

  private final CalibrationCounter calibration = new CalibrationCounter();
  private final ShareMeans dice = new ShareMeans(1);
  private final ShareMeans boundaryF1;
  private long voidPixels;
  private long samples;

  /** Of answers that say a class of each sample. */
  public AnswerCounter(int classes) {
    this(classes, false);
  }

  /**
   * @param isOfPixels whether answers say a class of each pixel, else of each sample
   */
  public AnswerCounter(int classes, boolean isOfPixels) {
    this.classes = classes;
    this.isOfPixels = isOfPixels;
    this.confusion = new ConfusionCounter(classes);
    this.boundaryF1 = new ShareMeans(isOfPixels ? classes : 0);
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

  public boolean isOfPixels() {
    return isOfPixels;
  }

  public void add(AnswerCounter other) {
    samples += other.samples;
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
    List<Metric> metrics = isOfPixels ? Metrics.ofPixels() : Metrics.ofSamples();
    metrics.forEach(metric -> values.put(metric, metric.value(this)));
    return MetricValues.of(values);
  }
}
