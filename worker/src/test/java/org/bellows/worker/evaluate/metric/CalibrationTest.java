// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.evaluate.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.bellows.worker.files.Json;
import org.junit.jupiter.api.Test;

class CalibrationTest {
  private static ClassAnswer answer(boolean isRight, double confidence) {
    return new ClassAnswer(0, isRight ? 0 : 1, isRight ? 0 : 1, 0.1, confidence);
  }

  /**
   * Bins of 1/15: 0.6 is the upper end of bin 9 (0.5333, 0.6], 0.61 of bin 10, 1 of bin 15.
   *
   * <pre>
   * bin 9:  2 answers, 1 right, confidences 0.58 + 0.6 = 1.18   |1 - 1.18| = 0.18
   * bin 10: 1 answer, right, 0.61                               0.39
   * bin 15: 2 answers, 1 right, 1 + 0.95 = 1.95                 0.95
   * ECE = (0.18 + 0.39 + 0.95) / 5 = 0.304
   * </pre>
   */
  @Test
  void theErrorByHand() {
    AnswerCounter counter = new AnswerCounter(2);
    AnswerCounter other = new AnswerCounter(2);
    counter.count(0, answer(true, 0.58));
    counter.count(0, answer(false, 0.6));
    other.count(1, answer(true, 0.61));
    other.count(1, answer(true, 1));
    other.count(1, answer(false, 0.95));
    other.count(1, ClassAnswer.notFinite(0));
    counter.add(other);
    Calibration calibration = counter.calibration().orElseThrow();
    assertThat(calibration.samples()).isEqualTo(5);
    assertThat(calibration.bins().get(8).samples()).isEqualTo(2);
    assertThat(calibration.bins().get(8).confidence()).isCloseTo(0.59, within(1e-9));
    assertThat(calibration.bins().get(9).right()).isEqualTo(1);
    assertThat(calibration.bins().get(14).accuracy()).isEqualTo(0.5);
    assertThat(calibration.expectedCalibrationError()).isCloseTo(0.304, within(1e-9));
    String json = Json.line(calibration);
    assertThat(json).contains("\"expectedCalibrationError\":0.304");
    assertThat(Json.read(json.getBytes(StandardCharsets.UTF_8), Calibration.class, "json"))
        .isEqualTo(calibration);
  }

  @Test
  void answersWithoutProbabilitiesHaveNone() {
    AnswerCounter counter = new AnswerCounter(2);
    counter.count(0, answer(true, Double.NaN));
    assertThat(counter.calibration()).isEmpty();
  }

  /** Rows are truth: 3 of class 0, 1 of class 1, none of class 2, which is answered once. */
  @Test
  void scoresOfClasses() {
    List<ClassScore> scores =
        ConfusionCounts.of(new long[][] {{2, 0, 1}, {1, 0, 0}, {0, 0, 0}}).scores();
    assertThat(scores.get(0)).isEqualTo(new ClassScore(0, 3, 2 / 3.0, 2 / 3.0, 4 / 6.0));
    assertThat(scores.get(1).precision()).isNaN();
    assertThat(scores.get(1).recall()).isZero();
    assertThat(scores.get(2)).isEqualTo(new ClassScore(2, 0, 0, Double.NaN, 0));
  }
}
