// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.collective.reduce;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.bellows.worker.collective.reduce.EvenPartition.IndexRange;
import org.junit.jupiter.api.Test;

class EvenSlicesTest {
  private static final int BLOCK = 64;

  /** In blocks, the last of which may be shorter. */
  private static int[] owned(Sharding sharding, int ranks, int bucket) {
    return IntStream.range(0, ranks)
        .map(rank -> (sharding.slice(rank, bucket).length() + BLOCK - 1) / BLOCK)
        .toArray();
  }

  private static void assertEven(int[] blocks, String what) {
    int least = Arrays.stream(blocks).min().orElseThrow();
    assertThat(Arrays.stream(blocks).max().orElseThrow()).as(what).isLessThanOrEqualTo(least + 1);
  }

  @Test
  void slicesBeginAtBlocksLeaveNothingOutAndDifferByABlock() {
    for (int ranks : new int[] {1, 2, 3, 8, 9, 16, 48, 100}) {
      for (int length : new int[] {1, 63, 64, 65, 1003, 16 * 1024, 100_001}) {
        for (int buckets : new int[] {1, 2, 5, 16}) {
          String what = "%d in %d buckets for %d ranks".formatted(length, buckets, ranks);
          Sharding sharding =
              new Sharding(length, ranks, ranks, BLOCK, List.of()).inBuckets(buckets);
          int[] all = new int[ranks];
          int end = 0;
          for (int bucket = 0; bucket < buckets; bucket++) {
            for (int rank = 0; rank < ranks; rank++) {
              IndexRange slice = sharding.slice(rank, bucket);
              assertThat(slice.from()).as(what).isEqualTo(end);
              assertThat(slice.from() % BLOCK == 0 || slice.from() == length).as(what).isTrue();
              end = slice.to();
            }
            int[] blocks = owned(sharding, ranks, bucket);
            assertEven(blocks, what);
            Arrays.setAll(all, rank -> all[rank] + blocks[rank]);
          }
          assertThat(end).as(what).isEqualTo(length);
          assertEven(all, what);
        }
      }
    }
  }

  /** Of 13 hosts with 8 ranks each, which share 16 buckets of 64 blocks. */
  @Test
  void ranksOfAHostDoNotOwnTheSameBucket() {
    int ranks = 104;
    Sharding sharding = new Sharding(16 * 64 * BLOCK, ranks, ranks, BLOCK, List.of()).inBuckets(16);
    for (int bucket = 0; bucket < 16; bucket++) {
      int[] blocks = owned(sharding, ranks, bucket);
      for (int host = 0; host < ranks / 8; host++) {
        int ofHost = Arrays.stream(blocks, 8 * host, 8 * host + 8).sum();
        assertThat(ofHost).as("bucket %d, host %d", bucket, host).isBetween(4, 6);
      }
    }
  }
}
