// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.report;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bellows.driver.registry.Score;
import org.bellows.worker.evaluate.Evaluation;
import org.bellows.worker.evaluate.metric.Calibration;
import org.bellows.worker.evaluate.metric.ConfusionCounts;
import org.bellows.worker.evaluate.metric.ConfusionMetric;
import org.bellows.worker.evaluate.metric.Metric;
import org.bellows.worker.evaluate.metric.MetricValues;
import org.bellows.worker.evaluate.metric.Metrics;

/** Figures of a classification, without an evaluation. */
public final class MetricFixtures {
  private MetricFixtures() {}

  public static MetricValues values(double loss, double top1, double top5) {
    return MetricValues.of(Map.of(Metrics.LOSS, loss, Metrics.TOP1, top1, Metrics.TOP5, top5));
  }

  public static EpochEvaluation epoch(
      int epoch, long step, double loss, double top1, double top5, long notFinite) {
    return new EpochEvaluation(epoch, step, values(loss, top1, top5), notFinite);
  }

  public static Score score(
      String split, long samples, double top1, double top5, double loss, long notFinite) {
    return new Score(split, samples, values(loss, top1, top5), notFinite);
  }

  public static Evaluation evaluation(
      String split,
      long samples,
      double loss,
      double top1,
      double top5,
      List<String> classes,
      ConfusionCounts confusion,
      List<Evaluation.Mistake> mistakes) {
    return new Evaluation(
        split,
        samples,
        values(loss, top1, top5),
        classes,
        confusion,
        mistakes,
        null,
        calibration(samples),
        null);
  }

  /** Of a network for pixels; the figures are those of the counts. */
  public static MetricValues pixels(ConfusionCounts counts, double loss) {
    Map<Metric, Double> values = new HashMap<>(Map.of(Metrics.LOSS, loss));
    for (Metric metric : Metrics.ofPixels()) {
      if (metric instanceof ConfusionMetric ofCounts) {
        values.put(metric, ofCounts.of(counts));
      }
    }
    return MetricValues.of(values);
  }

  /** A network that is too sure of itself, mostly so. */
  private static Calibration calibration(long samples) {
    List<Calibration.Bin> bins = new ArrayList<>();
    for (int bin = 0; bin < Calibration.BINS; bin++) {
      double confidence = (bin + 0.5) / Calibration.BINS;
      long ofBin = bin < 2 ? 0 : samples * bin * bin / 1015;
      bins.add(
          new Calibration.Bin(
              ofBin, Math.round(ofBin * Math.pow(confidence, 1.3)), ofBin * confidence));
    }
    return new Calibration(bins);
  }
}
