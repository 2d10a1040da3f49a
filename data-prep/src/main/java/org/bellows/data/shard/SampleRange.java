// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.shard;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** Consecutive samples of a split, a block in memory at a time. Used by one thread. */
public final class SampleRange implements Iterator<EncodedSample>, AutoCloseable {
  private final DatasetReader dataset;
  private final BlockReader blocks;
  private final long to;
  private long next;
  private long firstOfBlock;
  private List<EncodedSample> block = List.of();

  /**
   * @param from id of the first sample
   * @param to one past the last
   */
  public SampleRange(DatasetReader dataset, long from, long to) {
    if (from < 0 || to > dataset.samples() || from > to) {
      throw new IllegalArgumentException(
          "samples %d to %d of %d".formatted(from, to, dataset.samples()));
    }
    this.dataset = dataset;
    this.blocks = dataset.openBlocks();
    this.next = from;
    this.to = to;
  }

  @Override
  public boolean hasNext() {
    return next < to;
  }

  /**
   * @throws org.bellows.conf.BellowsException (data) naming the shard when it cannot be read
   */
  @Override
  public EncodedSample next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    if (next >= firstOfBlock + block.size() || block.isEmpty()) {
      int index = dataset.blockOf(next);
      block = dataset.read(blocks, index);
      firstOfBlock = dataset.firstSampleId(index);
    }
    return block.get((int) (next++ - firstOfBlock));
  }

  @Override
  public void close() {
    blocks.close();
  }
}
