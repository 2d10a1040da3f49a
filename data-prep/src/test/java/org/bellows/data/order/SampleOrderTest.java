// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.order;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.bellows.conf.BellowsException;
import org.bellows.data.random.SampleRandom;
import org.junit.jupiter.api.Test;

class SampleOrderTest {
  @Test
  void everyLaneIsEquallyLongAndNoSampleComesTwice() {
    SampleRandom random = new SampleRandom(1);
    for (int trial = 0; trial < 200; trial++) {
      List<Integer> blocks = new ArrayList<>();
      for (int i = 0; i <= random.nextInt(30); i++) {
        blocks.add(random.nextInt(4) == 0 ? 1 : 1 + random.nextInt(40));
      }
      long samples = blocks.stream().mapToLong(Integer::longValue).sum();
      int lanes = 1 + random.nextInt(5);
      int laneBatch = 1 + random.nextInt(6);
      if (samples >= (long) lanes * laneBatch) {
        check(blocks, lanes, laneBatch, 1 + random.nextInt(50), trial);
      }
    }
  }

  private static void check(List<Integer> blocks, int lanes, int laneBatch, int window, long seed) {
    SampleOrder order = new SampleOrder(blocks, lanes, laneBatch, window, seed);
    assertThat(order.stepsPerEpoch()).isEqualTo(order.samples() / ((long) lanes * laneBatch));
    for (int epoch = 0; epoch < 2; epoch++) {
      Set<Long> seen = new HashSet<>();
      for (int lane = 0; lane < lanes; lane++) {
        long[] ids = order.sampleIds(epoch, lane);
        assertThat(ids).hasSize((int) order.stepsPerEpoch() * laneBatch);
        for (long id : ids) {
          assertThat(id).isBetween(0L, order.samples() - 1);
          assertThat(seen.add(id)).as("sample %d of %s", id, blocks).isTrue();
        }
        long position = 0;
        for (ShuffleWindow w : order.windows(epoch, lane)) {
          assertThat(w.firstPosition()).isEqualTo(position);
          assertThat(w.samples()).isBetween(1, window);
          assertThat(w.ranges()).allMatch(range -> range.samples() > 0);
          position += w.samples();
        }
        assertThat(position).isEqualTo(order.samplesPerLane());
      }
      assertThat(seen).hasSize((int) order.stepsPerEpoch() * laneBatch * lanes);
    }
  }

  /**
   * Hoffer et al. 2020, section 3: M instances of each sample in a batch. Spans are those of an
   * epoch without repeats.
   */
  @Test
  void repeatsTakeEachSampleSoOftenInAStepAndInAPass() {
    List<Integer> blocks = List.of(50, 13, 17, 31, 9, 24);
    SampleOrder plain = new SampleOrder(blocks, 6, 4, 7, 5);
    SampleOrder repeated = new SampleOrder(blocks, 6, 4, 7, 5, 3);
    assertThat(repeated.stepsPerEpoch()).isEqualTo(plain.stepsPerEpoch());
    for (int pass = 0; pass < 2; pass++) {
      for (int part = 0; part < 3; part++) {
        for (int lane = 0; lane < 6; lane++) {
          assertThat(repeated.sampleIds(3 * pass + part, lane))
              .as("pass %d, epoch %d of it, lane %d", pass, part, lane)
              .isEqualTo(plain.sampleIds(pass, 2 * part + lane / 3));
        }
      }
    }
    assertThatThrownBy(() -> new SampleOrder(blocks, 4, 4, 7, 5, 3))
        .hasMessage("3 repeats do not divide 4 lanes");
  }

  @Test
  void isTheSameInWhateverOrderLanesAreAsked() {
    List<Integer> blocks = List.of(10, 3, 17, 1, 9, 24);
    SampleOrder order = new SampleOrder(blocks, 4, 3, 7, 5);
    long[][] forwards = new long[4][];
    for (int lane = 0; lane < 4; lane++) {
      forwards[lane] = order.sampleIds(2, lane);
    }
    for (int lane = 3; lane >= 0; lane--) {
      long[] again = new SampleOrder(blocks, 4, 3, 7, 5).sampleIds(2, lane);
      assertThat(again).isEqualTo(forwards[lane]);
    }
  }

  @Test
  void epochsAndSeedsDiffer() {
    List<Integer> blocks = List.of(10, 10, 10, 10);
    SampleOrder order = new SampleOrder(blocks, 2, 4, 20, 5);
    assertThat(order.sampleIds(0, 0)).isNotEqualTo(order.sampleIds(1, 0));
    assertThat(order.sampleIds(0, 0))
        .isNotEqualTo(new SampleOrder(blocks, 2, 4, 20, 6).sampleIds(0, 0));
    assertThat(order.sampleIds(0, 0)).isNotEqualTo(sorted(order.sampleIds(0, 0)));
  }

  @Test
  void whatIsLeftOverDiffersFromEpochToEpoch() {
    SampleOrder order = new SampleOrder(List.of(5, 5, 5, 5, 5), 2, 10, 10, 1);
    Set<Long> everSeen = new HashSet<>();
    for (int epoch = 0; epoch < 20; epoch++) {
      for (int lane = 0; lane < 2; lane++) {
        Arrays.stream(order.sampleIds(epoch, lane)).forEach(everSeen::add);
      }
    }
    assertThat(everSeen).hasSize(25);
  }

  /** Each sample's place in the epoch is uniform: chi-square over many epochs. */
  @Test
  void placesAreUniform() {
    int epochs = 4000;
    SampleOrder order = new SampleOrder(List.of(4, 4, 4, 4), 2, 4, 8, 11);
    int[] counts = new int[16];
    for (int epoch = 0; epoch < epochs; epoch++) {
      for (int lane = 0; lane < 2; lane++) {
        long[] ids = order.sampleIds(epoch, lane);
        for (int place = 0; place < ids.length; place++) {
          if (ids[place] == 5) {
            counts[lane * 8 + place]++;
          }
        }
      }
    }
    double expected = epochs / 16.0;
    double chiSquare = 0;
    for (int count : counts) {
      chiSquare += Math.pow(count - expected, 2) / expected;
    }
    // 0.999 quantile of chi-square with 15 degrees of freedom.
    assertThat(chiSquare).isLessThan(37.70);
  }

  @Test
  void refusesLessThanOneGlobalBatch() {
    assertThatThrownBy(() -> new SampleOrder(List.of(30, 9), 4, 10, 100, 1))
        .isInstanceOf(BellowsException.class)
        .hasMessage(
            "the split that trains (train.split) has 39 samples, fewer than one global batch of 40 (4 lanes x 10); lower"
                + " train.global-batch");
    assertThatThrownBy(() -> new SampleOrder(List.of(30), 2, 2, 4, 1).windows(0, 2))
        .hasMessage("lane 2 is not one of 0 to 1");
  }

  private static long[] sorted(long[] ids) {
    long[] sorted = ids.clone();
    Arrays.sort(sorted);
    return sorted;
  }
}
