// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Set;
import org.bellows.data.random.SplittableSeeds.Purpose;
import org.junit.jupiter.api.Test;

class SampleRandomTest {
  /** From the reference implementation of SplitMix64 (Vigna), seed 1234567. */
  @Test
  void agreesWithTheReference() {
    SampleRandom random = new SampleRandom(1234567);
    assertThat(random.nextLong()).isEqualTo(6457827717110365317L);
    assertThat(random.nextLong()).isEqualTo(3203168211198807973L);
  }

  @Test
  void equalKeysGiveEqualStreamsAndOthersDoNot() {
    Set<Long> first = new HashSet<>();
    for (long seed = 0; seed < 10; seed++) {
      for (int epoch = 0; epoch < 10; epoch++) {
        for (long sample = 0; sample < 10; sample++) {
          long drawn = SampleRandom.ofAugmentation(seed, epoch, sample).nextLong();
          assertThat(SampleRandom.ofAugmentation(seed, epoch, sample).nextLong()).isEqualTo(drawn);
          first.add(drawn);
        }
      }
    }
    assertThat(first).hasSize(1000);
    assertThat(SplittableSeeds.derive(1, Purpose.BLOCK_ORDER))
        .isNotEqualTo(SplittableSeeds.derive(1, Purpose.WINDOW_ORDER));
  }

  @Test
  void namesGiveDifferentSeeds() {
    Set<Long> seeds = new HashSet<>();
    for (int i = 0; i < 10_000; i++) {
      seeds.add(SplittableSeeds.derive(1, "train/cat/" + i + ".jpg"));
    }
    assertThat(seeds).hasSize(10_000);
    assertThat(SplittableSeeds.derive(1, "a")).isNotEqualTo(SplittableSeeds.derive(1, "a\0"));
  }

  @Test
  void integersAreUniform() {
    SampleRandom random = new SampleRandom(1);
    int[] counts = new int[7];
    for (int i = 0; i < 70_000; i++) {
      counts[random.nextInt(7)]++;
    }
    double chiSquare = 0;
    for (int count : counts) {
      chiSquare += Math.pow(count - 10_000, 2) / 10_000;
    }
    // 0.999 quantile of chi-square with 6 degrees of freedom.
    assertThat(chiSquare).isLessThan(22.46);
    assertThatThrownBy(() -> random.nextInt(0)).hasMessage("bound is 0, expected at least 1");
  }

  @Test
  void realsLieInTheirRange() {
    SampleRandom random = new SampleRandom(2);
    double sum = 0;
    for (int i = 0; i < 10_000; i++) {
      double value = random.nextDouble(2, 3);
      assertThat(value).isGreaterThanOrEqualTo(2).isLessThan(3);
      sum += value;
    }
    assertThat(sum / 10_000).isBetween(2.48, 2.52);
  }

  @Test
  void permutationsHoldEachNumberOnce() {
    assertThat(new SampleRandom(3).permutation(100))
        .containsExactlyInAnyOrder(java.util.stream.IntStream.range(0, 100).toArray());
    assertThat(new SampleRandom(3).permutation(100))
        .isEqualTo(new SampleRandom(3).permutation(100))
        .isNotEqualTo(new SampleRandom(4).permutation(100));
    assertThat(new SampleRandom(3).permutation(0)).isEmpty();
  }
}
