// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.bellows.data.decode.image.RasterImage;
import org.bellows.data.shard.EncodedSample;
import org.bellows.data.shard.Encoding;
import org.junit.jupiter.api.Test;

class SplitStatisticsTest {
  private static final double BUSY = 60;

  @Test
  void oddIsWhatLiesFarFromTheMedian() {
    SplitStatistics statistics = new SplitStatistics("train", 2);
    for (int id = 0; id < 10; id++) {
      statistics.add(sample(id, 100, 100), BUSY);
    }
    statistics.add(sample(10, 24, 24), BUSY);
    statistics.add(sample(11, 401, 401), BUSY);
    statistics.add(sample(12, 50, 201), BUSY);
    statistics.add(sample(13, 100, 100), 1.9);
    statistics.add(sample(14, 100, 100), Double.NaN);
    assertThat(statistics.odd())
        .extracting(SplitStatistics.Odd::kind)
        .containsExactly(
            AnomalyKind.SMALL,
            AnomalyKind.LARGE,
            AnomalyKind.ELONGATED,
            AnomalyKind.BLANK,
            AnomalyKind.UNDECODABLE);
    assertThat(statistics.odd())
        .allSatisfy(odd -> assertThat(odd.count()).isOne())
        .extracting(odd -> odd.shown().get(0).id())
        .containsExactly(10L, 11L, 12L, 13L, 14L);
    assertThat(statistics.odd().get(2).shown().get(0).measure()).isEqualTo(4.02);
    assertThat(statistics.classSamples()).containsExactly(8L, 7L);
  }

  /** Just inside the limits nothing is odd. */
  @Test
  void theLimitsThemselvesAreNotOdd() {
    SplitStatistics statistics = new SplitStatistics("train", 2);
    for (int id = 0; id < 10; id++) {
      statistics.add(sample(id, 100, 100), BUSY);
    }
    statistics.add(sample(10, 25, 25), BUSY);
    statistics.add(sample(11, 400, 400), BUSY);
    statistics.add(sample(12, 50, 200), BUSY);
    statistics.add(sample(13, 100, 100), 2);
    assertThat(statistics.odd()).isEmpty();
  }

  @Test
  void labelMapsAreCountedByLabel() {
    SplitStatistics statistics = new SplitStatistics("train", 2);
    statistics.masks().add(new RasterImage(1, 4, 1, new byte[] {0, 0, 3, (byte) 255}));
    SplitStatistics other = new SplitStatistics("train", 2);
    other.masks().add(new RasterImage(2, 2, 1, new byte[] {0, 0, 0, 3}));
    assertThat(statistics.merge(other).masks().samples()).isEqualTo(2);
    assertThat(statistics.masks().labels())
        .containsExactly(
            new MaskLabelHistogram.Label(0, 0.625, 2),
            new MaskLabelHistogram.Label(3, 0.25, 2),
            new MaskLabelHistogram.Label(255, 0.125, 1));
  }

  @Test
  void partsMergeInAnyOrder() {
    SplitStatistics one = part(0, 30);
    SplitStatistics two = part(30, 60);
    SplitStatistics forward = part(0, 30).merge(two);
    SplitStatistics backward = part(30, 60).merge(one);
    assertThat(forward.odd()).isEqualTo(backward.odd());
    // 60 blank ones are counted, the 20 blankest are kept.
    SplitStatistics.Odd blank = forward.odd().get(0);
    assertThat(blank.count()).isEqualTo(60);
    assertThat(blank.shown()).hasSize(20).isSortedAccordingTo(Anomaly.LEAST_FIRST);
    assertThat(forward.encodings()).containsEntry("raw8, grey", 60L);
  }

  @Test
  void copiesAreAConflictALeakOrADuplicate() {
    Fingerprint cat = new Fingerprint("a", "train", 7, 0, "cat/1.jpg");
    Fingerprint again = new Fingerprint("a", "train", 3, 0, "cat/2.jpg");
    Fingerprint dog = new Fingerprint("a", "train", 5, 1, "dog/1.jpg");
    Fingerprint tested = new Fingerprint("a", "test", 1, 0, "cat/9.jpg");
    assertThat(Duplicates.of(List.of(cat, again)))
        .isEqualTo(new Anomaly(AnomalyKind.DUPLICATE, "train", 3, 0, "cat/2.jpg = cat/1.jpg", 2));
    assertThat(Duplicates.of(List.of(cat, tested)).kind()).isEqualTo(AnomalyKind.LEAK);
    assertThat(Duplicates.of(List.of(cat, dog, tested)).kind()).isEqualTo(AnomalyKind.CONFLICT);
  }

  private static SplitStatistics part(int from, int to) {
    SplitStatistics statistics = new SplitStatistics("train", 2);
    for (int id = from; id < to; id++) {
      statistics.add(sample(id, 10, 10), (id * 7 % 60) / 60.0);
    }
    return statistics;
  }

  private static EncodedSample sample(long id, int height, int width) {
    return new EncodedSample(
        id, (int) (id % 2), Encoding.RAW8, height, width, 1, "raw#" + id, new byte[height * width]);
  }
}
