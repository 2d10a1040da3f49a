// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.evaluate.label;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LabelScoresTest {
  private static PrecisionRecallCurve curve(float[] probabilities, int... isOfClass) {
    boolean[] truth = new boolean[probabilities.length];
    Arrays.stream(isOfClass).forEach(sample -> truth[sample] = true);
    return PrecisionRecallCurve.of(probabilities, truth);
  }

  /** The example of scikit-learn's average_precision_score: 1/2 * 1 + 1/2 * 2/3 = 0.8333. */
  @Test
  void averagePrecisionIsThatOfScikitLearn() {
    PrecisionRecallCurve curve = curve(new float[] {0.1f, 0.4f, 0.35f, 0.8f}, 2, 3);
    assertThat(curve.averagePrecision()).isCloseTo(0.5 + 0.5 * 2 / 3, within(1e-15));
    assertThat(curve.points(9))
        .containsExactly(
            new PrecisionRecallCurve.Point(0.5, 1),
            new PrecisionRecallCurve.Point(0.5, 0.5),
            new PrecisionRecallCurve.Point(1, 2.0 / 3),
            new PrecisionRecallCurve.Point(1, 0.5));
    assertThat(curve.points(2))
        .containsExactly(
            new PrecisionRecallCurve.Point(0.5, 1), new PrecisionRecallCurve.Point(1, 0.5));
  }

  /**
   * Equal probabilities are one threshold: of 0.5 there are three samples, two of the class. Then
   * precision and recall are (1/1, 1/3), (3/4, 3/3): 1/3 * 1 + 2/3 * 3/4 = 5/6. -0 is 0.
   */
  @Test
  void noThresholdSeparatesEqualProbabilities() {
    float[] probabilities = {0.9f, 0.5f, 0.5f, 0.5f, 0.0f, -0.0f};
    for (int[] order : new int[][] {{0, 1, 2, 3, 4, 5}, {5, 3, 2, 1, 0, 4}}) {
      float[] shuffled = new float[6];
      List<Integer> own = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        shuffled[i] = probabilities[order[i]];
        if (order[i] < 3) {
          own.add(i);
        }
      }
      PrecisionRecallCurve curve =
          curve(shuffled, own.stream().mapToInt(Integer::intValue).toArray());
      assertThat(curve.averagePrecision()).isCloseTo(5.0 / 6, within(1e-15));
      assertThat(curve.thresholds()).containsExactly(0.9f, 0.5f, 0);
      assertThat(curve.predicted()).containsExactly(1, 4, 6);
    }
  }

  @Test
  void allOrNothing() {
    assertThat(curve(new float[] {0.5f, 0.5f, 0.5f, 0.5f}, 3).averagePrecision()).isEqualTo(0.25);
    assertThat(curve(new float[] {0.9f, 0.1f}, 0).averagePrecision()).isEqualTo(1);
    assertThat(curve(new float[] {0.9f, 0.1f}).averagePrecision()).isNaN();
    assertThat(curve(new float[] {0.9f, 0.1f}).best())
        .isEqualTo(new PrecisionRecallCurve.Best(0.5, 0));
  }

  /** F1 is 2/3 from 0.8 on, 4/5 from 0.35 on: the middle between 0.35 and 0.1. */
  @Test
  void theBestThresholdIsInTheMiddle() {
    PrecisionRecallCurve.Best best = curve(new float[] {0.1f, 0.4f, 0.35f, 0.8f}, 2, 3).best();
    assertThat(best.threshold()).isCloseTo((0.35 + 0.1) / 2, within(1e-7));
    assertThat(best.f1()).isEqualTo(0.8);
  }

  /**
   * Three classes, the last without samples. At 0.5: class 0 takes samples 0 and 2 (one right, of
   * two), class 1 none (of one), class 2 sample 1.
   */
  private static LabelAnswers answers(long seed) {
    List<Runnable> adds = new ArrayList<>();
    LabelAnswers answers = new LabelAnswers(3);
    adds.add(() -> answers.add(new float[] {0.9f, 0.2f, 0.1f}, new int[] {0}));
    adds.add(() -> answers.add(new float[] {0.3f, 0.4f, 0.8f}, new int[] {0, 1}));
    adds.add(() -> answers.add(new float[] {0.6f, 0.1f, 0.2f}, new int[] {}));
    Collections.shuffle(adds, new Random(seed));
    adds.forEach(Runnable::run);
    return answers;
  }

  @Test
  void meansOverClassesAndOverAnswers() {
    LabelScores scores = LabelScores.of(answers(1), new double[] {0.5, 0.5, 0.5});
    assertThat(scores.microPrecision()).isCloseTo(1.0 / 3, within(1e-15));
    assertThat(scores.microRecall()).isCloseTo(1.0 / 3, within(1e-15));
    assertThat(scores.microF1()).isCloseTo(1.0 / 3, within(1e-15));
    assertThat(scores.macroPrecision()).isEqualTo(0.25);
    assertThat(scores.macroRecall()).isEqualTo(0.25);
    assertThat(scores.macroF1()).isEqualTo(0.25);
    // Class 0: 1/2 * 1 + 1/2 * 2/3; class 1: 1.
    assertThat(scores.meanAveragePrecision()).isCloseTo((5.0 / 6 + 1) / 2, within(1e-15));
    assertThat(scores.classes().get(1).precision()).isNaN();
    assertThat(scores.classes().get(1).recall()).isZero();
    assertThat(scores.classes().get(2).recall()).isNaN();
    assertThat(scores.classes().get(2).precision()).isZero();
    assertThat(scores.curves()).extracting(LabelCurve::label).containsExactly(1, 0);
    LabelScores by = LabelScores.of(answers(1), new double[] {0.3, 0.4, 0.81});
    assertThat(by.microRecall()).isEqualTo(1);
    assertThat(by.microPrecision()).isEqualTo(0.75);
    // Class 0 has precision 2/3 and F1 4/5, class 1 has 1 and 1.
    assertThat(by.macroPrecision()).isCloseTo(5.0 / 6, within(1e-15));
    assertThat(by.macroRecall()).isEqualTo(1);
    assertThat(by.macroF1()).isCloseTo(0.9, within(1e-15));
  }

  @Test
  void theOrderOfSamplesDoesNotMatter() {
    double[] thresholds = {0.5, 0.5, 0.5};
    for (int seed = 2; seed < 6; seed++) {
      assertThat(LabelScores.of(answers(seed), thresholds))
          .isEqualTo(LabelScores.of(answers(1), thresholds));
    }
    LabelAnswers parts = new LabelAnswers(3);
    parts.add(answers(3));
    parts.add(answers(4));
    assertThat(LabelScores.of(parts, thresholds).meanAveragePrecision())
        .isCloseTo((5.0 / 6 + 1) / 2, within(1e-15));
  }

  /** Its own classes come last, the others first. */
  @Test
  void anAnswerThatIsNotFiniteIsWrongInEachClass() {
    LabelAnswers answers = answers(1);
    answers.add(new float[] {0.99f, Float.NaN, 0.01f}, new int[] {0});
    assertThat(answers.notFinite()).isEqualTo(1);
    LabelScores scores = LabelScores.of(answers, new double[] {0.5, 0.5, 0.5});
    assertThat(scores.classes().get(0).recall()).isCloseTo(1.0 / 3, within(1e-15));
    assertThat(scores.classes().get(1).averagePrecision()).isEqualTo(0.5);
    assertThat(scores.classes().get(1).bestThreshold()).isCloseTo(0.3, within(1e-7));
    assertThat(scores.classes().get(2).precision()).isZero();
  }
}
