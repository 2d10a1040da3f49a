// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DownsamplingTest {
  @Test
  void keepsTheExtremes() {
    double[] y = ramp(500_000);
    y[123_456] = -7;
    y[400_001] = 9e9;
    Series sampled = Downsampling.extremes(series(y), 1000);
    assertThat(sampled.size()).isLessThanOrEqualTo(1000);
    assertThat(sampled.y()).contains(-7, 9e9);
    assertThat(sampled.x()).contains(123_456, 400_001).isSorted();
  }

  @Test
  void keepsGaps() {
    double[] y = ramp(10_000);
    y[5_000] = Double.NaN;
    y[7_000] = Double.POSITIVE_INFINITY;
    Series sampled = Downsampling.extremes(series(y), 300);
    assertThat(sampled.size() - sampled.finiteCount()).isEqualTo(2);
    assertThat(sampled.x()).contains(5_000, 7_000).isSorted();
  }

  @Test
  void aShortSeriesStaysAsItIs() {
    Series series = series(ramp(10));
    assertThat(Downsampling.extremes(series, 10)).isSameAs(series);
  }

  @Test
  void smoothsOverTheWindow() {
    Series smooth = Downsampling.smoothed(series(new double[] {0, 3, 0, 3, 0}), 3, 100);
    assertThat(smooth.y()).containsExactly(0, 1, 2, 1, 0);
    assertThat(smooth.x()).containsExactly(0, 1, 2, 3, 4);
  }

  @Test
  void oneHugeValueSpoilsOnlyItsWindow() {
    double[] y = new double[1000];
    Arrays.fill(y, 2);
    y[10] = 1e30;
    Series smooth = Downsampling.smoothed(series(y), 21, 1000);
    assertThat(smooth.y()[10]).isGreaterThan(1e28);
    assertThat(smooth.y()[30]).isEqualTo(2);
  }

  @Test
  void quantilesLeaveOutWhatIsNotFinite() {
    double[] values = {4, Double.NaN, 1, 2, Double.NEGATIVE_INFINITY, 3};
    assertThat(Downsampling.quantile(values, 0.5)).isEqualTo(2.5);
    assertThat(Downsampling.quantile(values, 0)).isEqualTo(1);
    assertThat(Downsampling.quantile(values, 1)).isEqualTo(4);
    assertThat(Downsampling.quantile(new double[0], 0.5)).isNaN();
  }

  @Test
  void lengthsMustAgree() {
    assertThatThrownBy(() -> new Series("loss", new double[2], new double[3]))
        .hasMessage("series loss: 2 x values, 3 y values");
  }

  private static Series series(double[] y) {
    return new Series("s", IntStream.range(0, y.length).asDoubleStream().toArray(), y);
  }

  private static double[] ramp(int length) {
    return IntStream.range(0, length).mapToDouble(i -> i / (double) length).toArray();
  }
}
