// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.evaluate.label;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Scores of each class, and their means. Micro: of the sums over all classes. Macro: the mean over
 * the classes that at least one sample is of; a class that nothing was taken for has precision 0
 * there.
 *
 * @param classes in the order of the labels
 * @param curves of some classes
 */
public record LabelScores(
    List<LabelScore> classes, List<LabelCurve> curves, long predicted, long right, long positives) {
  /** Of the best and of the worst classes. */
  private static final int CURVES = 4;

  private static final int POINTS = 64;

  /**
   * @param thresholds by class
   */
  public static LabelScores of(LabelAnswers answers, double[] thresholds) {
    List<LabelScore> classes = new ArrayList<>();
    long predicted = 0;
    long right = 0;
    long positives = 0;
    for (int label = 0; label < answers.classes(); label++) {
      PrecisionRecallCurve curve = answers.curve(label);
      long predictedOfClass = curve.predictedAt(thresholds[label]);
      long rightOfClass = curve.rightAt(thresholds[label]);
      PrecisionRecallCurve.Best best = curve.best();
      classes.add(
          new LabelScore(
              label,
              curve.positives(),
              curve.averagePrecision(),
              thresholds[label],
              ratio(rightOfClass, predictedOfClass),
              ratio(rightOfClass, curve.positives()),
              ratio(2 * rightOfClass, predictedOfClass + curve.positives()),
              best.threshold(),
              best.f1()));
      predicted += predictedOfClass;
      right += rightOfClass;
      positives += curve.positives();
    }
    return new LabelScores(classes, curves(answers, classes), predicted, right, positives);
  }

  /** Those of the best and of the worst classes, best first, of equal ones in label order. */
  private static List<LabelCurve> curves(LabelAnswers answers, List<LabelScore> classes) {
    List<LabelScore> ranked =
        new ArrayList<>(classes.stream().filter(score -> score.positives() > 0).toList());
    ranked.sort(
        Comparator.comparingDouble(LabelScore::averagePrecision)
            .reversed()
            .thenComparingInt(LabelScore::label));
    List<LabelCurve> curves = new ArrayList<>();
    for (int i = 0; i < ranked.size(); i++) {
      if (i < CURVES || i >= ranked.size() - CURVES) {
        int label = ranked.get(i).label();
        curves.add(LabelCurve.of(label, answers.curve(label).points(POINTS)));
      }
    }
    return curves;
  }

  /** The mean of the classes' average precision; 0 where no sample has a class. */
  public double meanAveragePrecision() {
    return macro(LabelScore::averagePrecision);
  }

  public double macroPrecision() {
    return macro(LabelScore::precision);
  }

  public double macroRecall() {
    return macro(LabelScore::recall);
  }

  public double macroF1() {
    return macro(LabelScore::f1);
  }

  private double macro(ToDoubleFunction<LabelScore> score) {
    double sum = 0;
    int count = 0;
    for (LabelScore ofClass : classes) {
      if (ofClass.positives() > 0) {
        double value = score.applyAsDouble(ofClass);
        sum += Double.isNaN(value) ? 0 : value;
        count++;
      }
    }
    return count == 0 ? 0 : sum / count;
  }

  /** 0 where nothing was taken for any class. */
  public double microPrecision() {
    return predicted == 0 ? 0 : ratio(right, predicted);
  }

  /** 0 where no sample has a class. */
  public double microRecall() {
    return positives == 0 ? 0 : ratio(right, positives);
  }

  public double microF1() {
    return predicted + positives == 0 ? 0 : ratio(2 * right, predicted + positives);
  }

  private static double ratio(long part, long whole) {
    return whole == 0 ? Double.NaN : (double) part / whole;
  }
}
