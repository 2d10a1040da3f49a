// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.bellows.data.random.SampleRandom;
import org.junit.jupiter.api.Test;

class ValueHistogramTest {
  @Test
  void smallNumbersAreExact() {
    ValueHistogram tally = of(5, 7, 7, 999);
    assertThat(tally.count()).isEqualTo(4);
    assertThat(tally.sum()).isEqualTo(1018);
    assertThat(tally.minimum()).isEqualTo(5);
    assertThat(tally.maximum()).isEqualTo(999);
    assertThat(tally.quantile(0.25)).isEqualTo(5);
    assertThat(tally.quantile(0.5)).isEqualTo(7);
    assertThat(tally.quantile(1)).isEqualTo(999);
    assertThat(tally.below(7)).isEqualTo(1);
    assertThat(tally.above(7)).isEqualTo(1);
  }

  @Test
  void quantilesOfLargeNumbersAreWithinHalfAPercent() {
    SampleRandom random = new SampleRandom(3);
    ValueHistogram tally = new ValueHistogram();
    long[] values = new long[10_001];
    for (int i = 0; i < values.length; i++) {
      values[i] = 1L + random.nextInt(1_000_000);
      tally.add(values[i]);
    }
    java.util.Arrays.sort(values);
    assertThat((double) tally.quantile(0.5))
        .isCloseTo((double) values[5000], within(values[5000] * 0.005));
    assertThat(tally.maximum()).isEqualTo(values[10_000]);
  }

  @Test
  void mergedPartsEqualTheWhole() {
    ValueHistogram left = of(1, 2000, 30);
    left.add(of(4, 55_555));
    ValueHistogram whole = of(1, 2000, 30, 4, 55_555);
    assertThat(left.bins(5)).isEqualTo(whole.bins(5));
    assertThat(left.sum()).isEqualTo(whole.sum());
    assertThat(left.quantile(0.5)).isEqualTo(whole.quantile(0.5));
  }

  @Test
  void binsHoldEveryValueOnceAndTouch() {
    for (long[] values :
        new long[][] {{0}, {7, 7}, {0, 1, 2}, {28, 28, 28}, {3, 999_999, 123_456, 1}}) {
      List<ValueHistogram.Bin> bins = of(values).bins(24);
      assertThat(bins.stream().mapToLong(ValueHistogram.Bin::count).sum()).isEqualTo(values.length);
      for (int i = 1; i < bins.size(); i++) {
        assertThat(bins.get(i).from()).isEqualTo(bins.get(i - 1).to());
      }
    }
    assertThat(new ValueHistogram().bins(5)).isEmpty();
  }

  private static ValueHistogram of(long... values) {
    ValueHistogram tally = new ValueHistogram();
    for (long value : values) {
      tally.add(value);
    }
    return tally;
  }
}
