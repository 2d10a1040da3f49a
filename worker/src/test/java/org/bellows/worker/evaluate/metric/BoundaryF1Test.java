// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.evaluate.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class BoundaryF1Test {
  /** Rows of digits; a dot is void. */
  private static byte[] labels(String... rows) {
    String all = String.join("", rows);
    byte[] labels = new byte[all.length()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (byte) (all.charAt(i) == '.' ? 255 : all.charAt(i) - '0');
    }
    return labels;
  }

  /** Small pictures have a tolerance below a pixel: border pixels must be the same. */
  @Test
  void isThatWorkedByHand() {
    byte[] truth = labels("0011", "0011", "0000");
    byte[] answer = labels("0011", "0001", "0000");
    // Border of class 1: truth (0,2) (1,2) (1,3), answer (0,2) (1,3).
    // Of class 0: truth (0,1) (1,1) (2,2) (2,3), answer (0,1) (1,2) (2,3): in both (0,1) (2,3).
    double[] f1 = BoundaryF1.ofClasses(truth, answer, 3, 3);
    assertThat(f1[1]).isEqualTo(2 * (2 / 3.0) / (1 + 2 / 3.0), within(1e-15));
    double precision = 2 / 3.0;
    double recall = 2 / 4.0;
    assertThat(f1[0]).isEqualTo(2 * precision * recall / (precision + recall), within(1e-15));
    assertThat(f1[2]).isNaN();
  }

  /** 0.0075 of the diagonal of 300 x 400 is 3.75 pixels. */
  @Test
  void aBorderWithinTheToleranceIsMet() {
    for (int shift = 0; shift <= 5; shift++) {
      double[] f1 = BoundaryF1.ofClasses(halves(200), halves(200 + shift), 300, 2);
      assertThat(f1).as("moved by %d", shift).containsOnly(shift <= 3 ? 1 : 0);
    }
  }

  private static byte[] halves(int border) {
    byte[] labels = new byte[300 * 400];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (byte) (i % 400 < border ? 0 : 1);
    }
    return labels;
  }

  /** What is answered there is free. */
  @Test
  void voidIsVoidInTheAnswerToo() {
    byte[] truth = labels("00.11", "00.11");
    double[] right = BoundaryF1.ofClasses(truth, labels("00011", "00111"), 2, 2);
    assertThat(right).containsExactly(1, 1);
    double[] other = BoundaryF1.ofClasses(truth, labels("00211", "00211"), 2, 3);
    assertThat(other).containsExactly(1, 1, Double.NaN);
  }

  @Test
  void aClassThatFillsTheTruthHasNoBorder() {
    byte[] truth = labels("00", "00");
    assertThat(BoundaryF1.ofClasses(truth, truth, 2, 2)).containsExactly(1, Double.NaN);
    assertThat(BoundaryF1.ofClasses(truth, labels("01", "00"), 2, 2))
        .containsExactly(0, Double.NaN);
    assertThat(BoundaryF1.ofClasses(labels("01", "00"), truth, 2, 2)).containsExactly(0, 0);
  }
}
