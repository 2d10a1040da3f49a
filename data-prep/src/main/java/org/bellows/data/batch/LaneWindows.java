// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.batch;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.bellows.data.ahead.OrderedPrefetcher;
import org.bellows.data.order.BlockRange;
import org.bellows.data.order.ShuffleWindow;
import org.bellows.data.shard.EncodedSample;

/**
 * The samples of one lane in order, window by window. While samples of one window are taken, as
 * many of the next are read, block by block: reading continues at the pace of the consumer, and
 * little more than one window a lane is buffered. Taken from by one thread; blocks are read by
 * another.
 */
final class LaneWindows implements AutoCloseable {
  /** Share of a window by which reading runs ahead: time for the slowest block. */
  private static final double LEAD = 0.25;

  private final Function<Integer, List<EncodedSample>> blocks;
  private final Iterator<ShuffleWindow> windows;
  private final ExecutorService reading;
  private final Function<ShuffleWindow, WindowSamples> buffers;

  /** Touched on the reading thread only: the block that the last range ended inside of. */
  private int lastBlock = -1;

  private List<EncodedSample> lastSamples = List.of();

  private ShuffleWindow window;
  private Filling current;

  /** Null after the last. */
  private ShuffleWindow nextWindow;

  /** Null until a sample of the current window was taken, and after the last. */
  private Filling next;

  /**
   * @param blocks reads a block; called on the reading thread only
   * @param windows in order, at least one
   * @param reading one thread
   * @param buffers a new buffer for each window
   * @param firstPosition of the first sample that will be taken; samples before its window are not
   *     read
   */
  LaneWindows(
      Function<Integer, List<EncodedSample>> blocks,
      Iterator<ShuffleWindow> windows,
      ExecutorService reading,
      Function<ShuffleWindow, WindowSamples> buffers,
      long firstPosition) {
    this.blocks = blocks;
    this.windows = windows;
    this.reading = reading;
    this.buffers = buffers;
    this.nextWindow = windows.next();
    do {
      shift();
    } while (nextWindow != null && nextWindow.firstPosition() <= firstPosition);
    this.current = new Filling(window);
    current.request(Integer.MAX_VALUE);
  }

  private void shift() {
    window = nextWindow;
    nextWindow = windows.hasNext() ? windows.next() : null;
  }

  /** Positions must rise. */
  EncodedSample take(long position) throws InterruptedException {
    int index = (int) (position - window.firstPosition());
    if (index == current.samples.size()) {
      advance();
      return take(position);
    }
    current.await();
    if (next == null && nextWindow != null) {
      next = new Filling(nextWindow);
    }
    if (next != null) {
      double share = (index + 1.0) / current.samples.size() + LEAD;
      next.request((int) Math.min(Integer.MAX_VALUE, share * next.samples.size()));
    }
    return current.samples.take(index);
  }

  private void advance() {
    current.samples.close();
    shift();
    current = next;
    next = null;
    current.request(Integer.MAX_VALUE);
  }

  private void read(BlockRange range, WindowSamples into) {
    if (range.block() != lastBlock) {
      lastSamples = List.of();
      lastSamples = blocks.apply(range.block());
      lastBlock = range.block();
    }
    for (int row = range.fromRow(); row < range.toRow(); row++) {
      into.add(lastSamples.get(row));
    }
    if (range.toRow() == lastSamples.size()) {
      lastSamples = List.of();
      lastBlock = -1;
    }
  }

  /** Only when nothing is read any more. */
  @Override
  public void close() {
    current.samples.close();
    if (next != null) {
      next.samples.close();
    }
  }

  /** A window on its way from blocks into memory. */
  private final class Filling {
    private final List<BlockRange> ranges;
    private final WindowSamples samples;
    private final List<Future<?>> reads = new ArrayList<>();
    private int requestedRows;
    private boolean isFull;

    Filling(ShuffleWindow window) {
      this.ranges = window.ranges();
      this.samples = buffers.apply(window);
    }

    /** Has ranges read until they hold this many rows. */
    void request(int rows) {
      while (requestedRows < rows && reads.size() < ranges.size()) {
        BlockRange range = ranges.get(reads.size());
        reads.add(reading.submit(() -> read(range, samples)));
        requestedRows += range.samples();
      }
    }

    void await() throws InterruptedException {
      if (isFull) {
        return;
      }
      try {
        for (Future<?> read : reads) {
          read.get();
        }
        isFull = true;
      } catch (ExecutionException e) {
        throw OrderedPrefetcher.asIs(e.getCause());
      }
    }
  }
}
