// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.frame;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.RowFactory;
import org.bellows.data.prepare.source.part.LabelRule;
import org.junit.jupiter.api.Test;

class RowLabelsTest {
  private static RowLabels of(int length, double... values) {
    return RowLabels.of(
        RowFactory.create(Vectors.dense(values)), 0, length, new LabelRule(true, "|"));
  }

  @Test
  void aVectorHasTheLengthThatItsColumnSays() {
    assertThat(of(3, 1, 0, 1).labels()).containsExactly("0", "2");
    assertThat(of(-1, 0, 1).labels()).containsExactly("1");
    assertThat(of(3, 0, 0, 0).labels()).isEmpty();
    assertThat(of(4, 1, 0, 1).problem())
        .isEqualTo("has 3 numbers in its vector of labels, expected 4, as its column says");
  }

  /** A list of the same classes, in whatever order, gives the same fingerprint. */
  @Test
  void labelsOfAVectorAreInTheOrderOfLists() {
    double[] values = new double[12];
    values[2] = 1;
    values[10] = 1;
    assertThat(of(12, values).labels()).isEqualTo(new LabelRule(true, "|").of("2|10"));
    assertThat(of(12, values).labels()).isEqualTo(new LabelRule(true, "|").of("10|2|10"));
  }
}
