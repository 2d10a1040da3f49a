// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.bellows.data.decode.image.RasterImage;
import org.bellows.data.manifest.LabelPixels;
import org.junit.jupiter.api.Test;

class PixelFrequenciesTest {
  private static final byte VOID = (byte) 255;

  /**
   * Three pictures of 4, 6 and 10 pixels. Class 0: 2 + 3 of 4 + 6 = 0.5. Class 1: 1 + 8 of 4 + 10 =
   * 9 / 14. Class 2: 2 of 6 = 1 / 3. Class 3 is in none. The median of the three is 0.5.
   */
  @Test
  void weightsByHandOnThreePictures() {
    MaskLabelHistogram tally = new MaskLabelHistogram();
    tally.add(new RasterImage(2, 2, 1, new byte[] {0, 0, 1, VOID}));
    tally.add(new RasterImage(2, 3, 1, new byte[] {0, 0, 0, 2, 2, VOID}));
    tally.add(new RasterImage(1, 10, 1, new byte[] {1, 1, 1, 1, 1, 1, 1, 1, VOID, VOID}));
    assertThat(tally.labelPixels())
        .containsExactly(
            new LabelPixels(0, 5, 2, 10),
            new LabelPixels(1, 9, 2, 14),
            new LabelPixels(2, 2, 1, 6),
            new LabelPixels(255, 4, 3, 20));
    PixelFrequencies frequencies = PixelFrequencies.of(tally.labelPixels(), 4);
    assertThat(frequencies.frequencies()).containsExactly(0.5, 9.0 / 14, 1.0 / 3, 0.0);
    List<Double> weights = frequencies.medianFrequencyWeights();
    assertThat(weights).hasSize(4);
    assertThat(weights.get(0)).isEqualTo(1);
    assertThat(weights.get(1)).isCloseTo(7.0 / 9, within(1e-15));
    assertThat(weights.get(2)).isCloseTo(1.5, within(1e-15));
    assertThat(weights.get(3)).isZero();
  }

  /** Of two classes the median lies between: (0.2 + 0.8) / 2. */
  @Test
  void anEvenNumberOfClassesHasTheMeanOfTheMiddle() {
    List<LabelPixels> labels = List.of(new LabelPixels(0, 2, 1, 10), new LabelPixels(1, 8, 1, 10));
    List<Double> weights = PixelFrequencies.of(labels, 2).medianFrequencyWeights();
    assertThat(weights.get(0)).isCloseTo(2.5, within(1e-15));
    assertThat(weights.get(1)).isCloseTo(0.625, within(1e-15));
  }

  @Test
  void partsThatWereCountedApartAreAdded() {
    MaskLabelHistogram tally = new MaskLabelHistogram();
    tally.addAll(List.of(new LabelPixels(1, 3, 1, 4)));
    tally.addAll(List.of(new LabelPixels(1, 2, 2, 9), new LabelPixels(255, 1, 1, 4)));
    assertThat(tally.labelPixels())
        .containsExactly(new LabelPixels(1, 5, 3, 13), new LabelPixels(255, 1, 1, 4));
    assertThatThrownBy(
            () ->
                PixelFrequencies.of(List.of(new LabelPixels(255, 1, 1, 4)), 3)
                    .medianFrequencyWeights())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("no pixel is of a class");
  }
}
