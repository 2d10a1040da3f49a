// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class AxisScaleTest {
  @Test
  void ticksAreRoundNumbers() {
    assertThat(labels(AxisScale.rounded(0.13, 2.71, 5)))
        .containsExactly("0", "0.5", "1.0", "1.5", "2.0", "2.5", "3.0");
    assertThat(labels(AxisScale.exact(0, 2819, 7, true)))
        .containsExactly("0", "500", "1000", "1500", "2000", "2500");
    assertThat(labels(AxisScale.rounded(-0.3, 0.3, 5)))
        .containsExactly("-0.3", "-0.2", "-0.1", "0", "0.1", "0.2", "0.3");
  }

  @Test
  void largeAndSmallNumbersAreShort() {
    assertThat(labels(AxisScale.exact(0, 499_999, 5, true)))
        .containsExactly("0", "100k", "200k", "300k", "400k", "500k");
    assertThat(labels(AxisScale.exact(0, 4_000_000, 4, true)))
        .containsExactly("0", "1M", "2M", "3M", "4M");
    assertThat(labels(AxisScale.rounded(0, 1e-4, 4)))
        .containsExactly("0", "2e-5", "4e-5", "6e-5", "8e-5", "1e-4");
  }

  @Test
  void stepsAndEpochsHaveWholeTicks() {
    assertThat(labels(AxisScale.exact(1, 3, 7, true))).containsExactly("1", "2", "3");
    assertThat(labels(AxisScale.exact(0, 0, 7, true))).containsExactly("-1", "0", "1");
  }

  @Test
  void aConstantStandsInTheMiddle() {
    AxisScale scale = AxisScale.rounded(5, 5, 5);
    assertThat(scale.position(5)).isCloseTo(0.5, within(1e-9));
    assertThat(scale.ticks()).hasSizeBetween(2, 12);
    assertThat(AxisScale.rounded(0, 0, 5).position(0)).isEqualTo(0.5);
    assertThat(AxisScale.rounded(1e16, 1e16 + 2, 5).ticks()).hasSizeBetween(2, 12);
  }

  @Test
  void logarithmicTicks() {
    assertThat(labels(AxisScale.logarithmic(0.0012, 0.4)))
        .containsExactly("0.001", "0.01", "0.1", "1");
    assertThat(labels(AxisScale.logarithmic(0.02, 0.7)))
        .containsExactly("0.01", "0.02", "0.05", "0.1", "0.2", "0.5", "1");
    assertThat(labels(AxisScale.logarithmic(1, 1))).containsExactly("1", "2", "5", "10");
    assertThat(AxisScale.logarithmic(1e-300, 1e300).ticks()).hasSizeLessThanOrEqualTo(9);
  }

  @Test
  void logarithmicPositions() {
    AxisScale scale = AxisScale.logarithmic(0.01, 1);
    assertThat(scale.position(0.01)).isZero();
    assertThat(scale.position(0.1)).isEqualTo(0.5);
    assertThat(scale.position(1)).isEqualTo(1);
    assertThat(scale.position(0)).isNaN();
    assertThat(scale.position(-1)).isNaN();
  }

  private static List<String> labels(AxisScale scale) {
    return scale.ticks().stream().map(scale::label).toList();
  }
}
