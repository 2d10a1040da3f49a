// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.train;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;
import org.bellows.data.batch.LaneBatch;
import org.bellows.worker.collective.reduce.EvenPartition.IndexRange;
import org.bellows.worker.collective.reduce.ShardedVector;

/** How many pixels of a step's global batch have a class, which all workers learn. */
final class PixelCounts {
  /** A float holds whole numbers up to 2^24: a count is sent as two of these digits. */
  private static final long EXACT = 1 << 20;

  private static final int COUNT_FLOATS = 2;

  private final TargetTransform targets;
  private final ShardedVector sharded;

  /** Pixels with a class in the last step's global batch, divided by its pictures. */
  private double pixelsOfMean;

  PixelCounts(TargetTransform targets, ShardedVector sharded) {
    this.targets = targets;
    this.sharded = sharded;
  }

  /** Of the last step that was {@link #counted}, divided by its pictures; 0: of none. */
  double ofMean() {
    return pixelsOfMean;
  }

  /**
   * Takes the batches of all lanes that this worker hosts, and learns from the other workers what
   * theirs hold.
   *
   * @return gives the same batches
   */
  Supplier<LaneBatch> counted(long step, Supplier<LaneBatch> batches) {
    IndexRange mine = sharded.hosted();
    Deque<LaneBatch> taken = new ArrayDeque<>();
    float[] counts = new float[COUNT_FLOATS * sharded.lanes()];
    long samples = 0;
    for (int lane = mine.from(); lane < mine.to(); lane++) {
      LaneBatch batch = batches.get();
      long pixels = targets.pixels(batch);
      long high = pixels / EXACT;
      counts[COUNT_FLOATS * lane] = high;
      counts[COUNT_FLOATS * lane + 1] = pixels % EXACT;
      samples = (long) batch.size() * sharded.lanes();
      taken.add(batch);
    }
    sharded.allGatherLanesInPlace("pixels of step " + step, counts);
    long all = 0;
    for (int i = 0; i < counts.length; i += COUNT_FLOATS) {
      all += ((long) counts[i]) * EXACT + (long) counts[i + 1];
    }
    pixelsOfMean = all / (double) samples;
    return taken::poll;
  }
}
