// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.evaluate.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class PixelMetricsTest {
  /**
   * Ten pixels of class 0, eight of them right; five of class 1, three right; none of class 2, but
   * one answer; nothing of class 3. IoU: 8 / (10 + 10 - 8), 3 / (5 + 4 - 3), 0 / 1, none.
   */
  private static final ConfusionCounts COUNTS =
      ConfusionCounts.of(new long[][] {{8, 1, 1, 0}, {2, 3, 0, 0}, {0, 0, 0, 0}, {0, 0, 0, 0}});

  private static MetricValues values(ConfusionCounts... pictures) {
    AnswerCounter counter = AnswerCounter.ofPixels(4);
    for (int i = 0; i < pictures.length; i++) {
      counter.count(i, new PictureAnswer(pictures[i], i, 2, new double[] {1, i, Double.NaN, 0}));
    }
    return counter.values();
  }

  @Test
  void areThoseWorkedByHand() {
    MetricValues values = values(COUNTS);
    assertThat(values.get(Metrics.PIXEL_ACCURACY)).isEqualTo(11 / 15.0);
    assertThat(values.get(Metrics.MEAN_ACCURACY)).isEqualTo((0.8 + 0.6) / 2);
    assertThat(values.get(Metrics.MIOU)).isEqualTo((8 / 12.0 + 3 / 6.0 + 0) / 3, within(1e-15));
    assertThat(values.get(Metrics.FREQUENCY_WEIGHTED_IOU))
        .isEqualTo((10 * 8 / 12.0 + 5 * 3 / 6.0) / 15, within(1e-15));
    assertThat(values.metrics())
        .containsExactly(
            Metrics.MIOU,
            Metrics.PIXEL_ACCURACY,
            Metrics.MEAN_ACCURACY,
            Metrics.FREQUENCY_WEIGHTED_IOU,
            Metrics.BOUNDARY_F1,
            Metrics.DICE,
            Metrics.LOSS);
    assertThat(values.headline()).isSameAs(Metrics.MIOU);
  }

  /** Not the mean of the pictures' own: 1/2 and 0 of class 0 alone would give 1/4. */
  @Test
  void pixelsAreAddedUpOverTheWholeSplit() {
    ConfusionCounts half = ConfusionCounts.of(new long[][] {{3, 3, 0, 0}, {0}, {0}, {0}});
    ConfusionCounts wrong = ConfusionCounts.of(new long[][] {{0, 2, 0, 0}, {0}, {0}, {0}});
    MetricValues values = values(half, wrong);
    assertThat(values.get(Metrics.MIOU)).isEqualTo((3 / 8.0 + 0) / 2);
    assertThat(values.get(Metrics.LOSS)).isEqualTo(0.5);
  }

  @Test
  void aClassThatNobodyHasIsUndefinedAndOneThatIsOnlyAnsweredIsZero() {
    PixelConfusion pixels = new PixelConfusion(COUNTS);
    assertThat(pixels.intersectionOverUnion(2)).isZero();
    assertThat(pixels.intersectionOverUnion(3)).isNaN();
  }

  @Test
  void answersThatAreNotFiniteAreWrong() {
    ConfusionCounts counts = ConfusionCounts.of(new long[][] {{1, 0, 0, 0, 1}, {0}, {0}, {0}});
    assertThat(values(counts).get(Metrics.PIXEL_ACCURACY)).isEqualTo(0.5);
    assertThat(values(counts).get(Metrics.MIOU)).isEqualTo(0.5);
  }

  @Test
  void withoutPixelsThereIsNothingToBeRight() {
    MetricValues values = values(ConfusionCounts.none(4));
    for (Metric metric : List.of(Metrics.MIOU, Metrics.PIXEL_ACCURACY, Metrics.MEAN_ACCURACY)) {
      assertThat(values.get(metric)).isZero();
    }
  }

  /** Half: 6/9 and 0 / 3; wrong: 0 and 0. Of class 2 there is no boundary. */
  @Test
  void meansOverPicturesHaveNamesOfTheirOwn() {
    ConfusionCounts half = ConfusionCounts.of(new long[][] {{3, 3, 0, 0}, {0}, {0}, {0}});
    ConfusionCounts wrong = ConfusionCounts.of(new long[][] {{0, 2, 0, 0}, {0}, {0}, {0}});
    MetricValues values = values(half, wrong, ConfusionCounts.none(4));
    assertThat(values.get(Metrics.DICE)).isEqualTo((6 / 9.0 + 0) / 2 / 2, within(1e-11));
    assertThat(values.get(Metrics.BOUNDARY_F1)).isEqualTo((1 + 1 + 0) / 3.0, within(1e-11));
    assertThat(new PixelConfusion(half).undefined()).containsExactly(2, 3);
  }
}
