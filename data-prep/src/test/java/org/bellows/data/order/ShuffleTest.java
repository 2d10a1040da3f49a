// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.bellows.data.random.SplittableSeeds;
import org.bellows.data.random.SplittableSeeds.Purpose;
import org.junit.jupiter.api.Test;

/**
 * How well, and how fairly, an epoch is mixed. Each test draws from fixed seeds, so its statistic
 * is always the same number: a limit that it is below once, it is always below.
 */
class ShuffleTest {
  private static final int DECILES = 10;

  /** Whoever computes them, a step's lane batches are the same samples: W does not matter. */
  @Test
  void stepsHoldTheSameSamplesForAnyNumberOfWorkers() {
    List<Integer> blocks = uneven(50);
    SampleOrder whole = new SampleOrder(blocks, 12, 5, 60, 4);
    for (int workers : new int[] {1, 2, 3, 5, 12}) {
      for (int worker = 0; worker < workers; worker++) {
        // Each worker has an object of its own, and asks for its share of the lanes only.
        SampleOrder own = new SampleOrder(blocks, 12, 5, 60, 4);
        for (int lane = 12 * worker / workers; lane < 12 * (worker + 1) / workers; lane++) {
          assertThat(own.sampleIds(3, lane)).isEqualTo(whole.sampleIds(3, lane));
        }
      }
    }
  }

  /**
   * Over many epochs each block sits out equally often, and no sample sits out more than one epoch
   * in as many as there are blocks above its share. (What is left over is cut off at the end of the
   * line, so inside a block it meets the last rows.)
   */
  @Test
  void whatSitsOutChangesFairly() {
    int epochs = 2000;
    SampleOrder order = new SampleOrder(Collections.nCopies(25, 4), 3, 11, 20, 8);
    int[] seen = new int[100];
    for (int epoch = 0; epoch < epochs; epoch++) {
      Set<Long> once = new HashSet<>();
      for (int lane = 0; lane < 3; lane++) {
        for (long id : order.sampleIds(epoch, lane)) {
          assertThat(once.add(id)).isTrue();
          seen[(int) id]++;
        }
      }
      assertThat(once).hasSize(99);
    }
    for (int block = 0; block < 25; block++) {
      int missed = 4 * epochs - Arrays.stream(seen, 4 * block, 4 * block + 4).sum();
      // Binomial with n = 2000 and p = 1 / 25: mean 80, deviation 8.8; five deviations.
      assertThat(missed).isBetween(36, 124);
    }
    assertThat(Arrays.stream(seen).min().orElseThrow()).isGreaterThan(epochs - 124);
  }

  /** Every tenth of the data is spread evenly over every tenth of the epoch. */
  @Test
  void everyDecileOfTheDataComesInEveryDecileOfTheEpoch() {
    int epochs = 300;
    SampleOrder order = new SampleOrder(Collections.nCopies(100, 10), 4, 5, 50, 2);
    long[][] counts = new long[DECILES][DECILES];
    for (int epoch = 0; epoch < epochs; epoch++) {
      for (int lane = 0; lane < 4; lane++) {
        long[] ids = order.sampleIds(epoch, lane);
        for (int place = 0; place < ids.length; place++) {
          counts[(int) (ids[place] * DECILES / 1000)][place * DECILES / ids.length]++;
        }
      }
    }
    double expected = epochs * 1000.0 / (DECILES * DECILES);
    double chiSquare = 0;
    for (long[] row : counts) {
      for (long count : row) {
        chiSquare += (count - expected) * (count - expected) / expected;
      }
    }
    // Samples of a block go together, ten at a time, so the counts vary up to ten times as much as
    // those of single samples, whose statistic has 81 degrees of freedom (both margins are fixed).
    // 124.84 is that distribution's 0.999 quantile.
    assertThat(chiSquare / 10).isLessThan(124.84);
    // A window that is not mixed, or blocks that stay in place, would be far from that.
    assertThat(chiSquare / 10).isGreaterThan(5);
  }

  /** Places inside a window are uniform for single samples: 0.999 quantile, 49 degrees. */
  @Test
  void placesInsideAWindowAreUniform() {
    int epochs = 5000;
    SampleOrder order = new SampleOrder(List.of(50), 1, 50, 50, 6);
    int[] counts = new int[50];
    for (int epoch = 0; epoch < epochs; epoch++) {
      long[] ids = order.sampleIds(epoch, 0);
      counts[IntStream.range(0, 50).filter(i -> ids[i] == 17).findFirst().orElseThrow()]++;
    }
    double expected = epochs / 50.0;
    double chiSquare =
        Arrays.stream(counts).mapToDouble(c -> (c - expected) * (c - expected) / expected).sum();
    assertThat(chiSquare).isLessThan(85.35);
  }

  /**
   * A tree is listed class by class. After prepare's shuffle (by a hash of seed and path) and an
   * epoch's order, a global batch holds classes as a draw without replacement would: the
   * hypergeometric distribution.
   */
  @Test
  void aSourceSortedByClassComesOutMixed() {
    int classes = 10;
    int perClass = 200;
    int globalBatch = 80;
    List<Integer> labels = shuffledByHash(classes, perClass);
    SampleOrder order = new SampleOrder(Collections.nCopies(200, 10), 4, globalBatch / 4, 200, 5);
    double mean = (double) globalBatch / classes;
    double n = classes * perClass;
    // Hypergeometric: n p (1 - p) (N - n) / (N - 1)
    double variance = mean * (1 - 1.0 / classes) * (n - globalBatch) / (n - 1);
    double sum = 0;
    int values = 0;
    for (int epoch = 0; epoch < 8; epoch++) {
      for (int step = 0; step < order.stepsPerEpoch(); step++) {
        Map<Integer, Integer> counts = new HashMap<>();
        for (int lane = 0; lane < 4; lane++) {
          long[] ids = order.sampleIds(epoch, lane);
          for (int i = step * 20; i < (step + 1) * 20; i++) {
            counts.merge(labels.get((int) ids[i]), 1, Integer::sum);
          }
        }
        for (int label = 0; label < classes; label++) {
          int count = counts.getOrDefault(label, 0);
          // Six deviations: one in 500 million.
          assertThat(Math.abs(count - mean)).isLessThan(6 * Math.sqrt(variance));
          sum += (count - mean) * (count - mean);
          values++;
        }
      }
    }
    // The variance itself: 2000 values, 25 batches of 10 classes an epoch.
    assertThat(sum / values).isBetween(0.85 * variance, 1.15 * variance);
  }

  /** As prepare does it: sorted by a hash of (seed, path). */
  private static List<Integer> shuffledByHash(int classes, int perClass) {
    record Keyed(long key, int label) {}
    long seed = SplittableSeeds.derive(1, Purpose.SOURCE_ORDER);
    List<Keyed> all = new ArrayList<>();
    for (int label = 0; label < classes; label++) {
      for (int i = 0; i < perClass; i++) {
        String path = "train/class-%d/%05d.jpg".formatted(label, i);
        all.add(new Keyed(SplittableSeeds.derive(seed, path), label));
      }
    }
    all.sort(Comparator.comparingLong(Keyed::key));
    return all.stream().map(Keyed::label).toList();
  }

  private static List<Integer> uneven(int blocks) {
    return IntStream.range(0, blocks).mapToObj(i -> 1 + i * 7 % 23).toList();
  }
}
