// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongFunction;

/**
 * The memory of one plan. Blocks are given out and taken back while the plan is compiled, in the
 * order in which it will run, so that arrays that never live at the same time share one.
 */
final class Arena implements AutoCloseable {
  /** A block may be this many times larger than what is put into it. */
  private static final double LARGEST_WASTE = 1.5;

  private final List<MemoryBlock> all = new ArrayList<>();
  private final List<MemoryBlock> free = new ArrayList<>();
  private final LongFunction<MemoryBlock> maker;
  private long total;

  Arena() {
    this(MemoryBlock::new);
  }

  private Arena(LongFunction<MemoryBlock> maker) {
    this.maker = maker;
  }

  /** Computes sizes without allocating. */
  static Arena counting() {
    return new Arena(MemoryBlock::counted);
  }

  /** A block with one holder; its contents are anything. */
  MemoryBlock acquire(long bytes) {
    MemoryBlock best = null;
    for (MemoryBlock block : free) {
      boolean fits = block.bytes() >= bytes && block.bytes() <= LARGEST_WASTE * bytes;
      if (fits && (best == null || block.bytes() <= best.bytes())) {
        best = block;
      }
    }
    if (best == null) {
      best = maker.apply(Math.max(bytes, 1));
      all.add(best);
      total += best.bytes();
    } else {
      free.remove(best);
    }
    best.retain(1);
    return best;
  }

  /** A block of zeros with one holder that may not release it: its contents outlive passes. */
  MemoryBlock acquireZeros(long bytes) {
    MemoryBlock block = maker.apply(Math.max(bytes, 1));
    all.add(block);
    total += block.bytes();
    block.retain(1);
    return block;
  }

  void release(MemoryBlock block) {
    if (block.refCount() < 1) {
      throw new IllegalStateException("a block was released more often than held");
    }
    block.retain(-1);
    if (block.refCount() == 0) {
      free.add(block);
    }
  }

  long totalBytes() {
    return total;
  }

  @Override
  public void close() {
    all.forEach(MemoryBlock::free);
  }
}
