package org.bellows.data.batch;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.bellows.data.order.BlockRange;
import org.bellows.data.order.Window;
import org.bellows.data.shard.BlockReader;
import org.bellows.data.shard.DatasetReader;
import org.bellows.data.shard.EncodedSample;

/**
 * The samples of one lane in order, window by window. A sample is let go when it is taken, and the
 * next window is read when {@link #NEXT_WINDOW_SHARE} of this one is left, so that little more than
 * one window a lane is in memory. Taken from by one thread; windows are read by another.
 */
final class LaneWindows {
  /** Share of a window that is left when the next is read: time to read against memory. */
  private static final double NEXT_WINDOW_SHARE = 0.25;

  private final DatasetReader dataset;
  private final BlockReader blocks;
  private final List<Window> windows;
  private final ExecutorService reading;

  /** Touched on the reading thread only: the block that the last window ended in. */
  private int lastBlock = -1;

  private List<EncodedSample> lastSamples = List.of();

  private int windowIndex;
  private EncodedSample[] samples;
  private Future<EncodedSample[]> nextSamples;

  /**
   * @param reading one thread, which the block reader belongs to
   * @param firstPosition of the first sample that will be taken; what lies before its window is not
   *     read
   */
  LaneWindows(
      DatasetReader dataset,
      BlockReader blocks,
      List<Window> windows,
      ExecutorService reading,
      long firstPosition) {
    this.dataset = dataset;
    this.blocks = blocks;
    this.windows = windows;
    this.reading = reading;
    while (windowIndex + 1 < windows.size()
        && windows.get(windowIndex + 1).firstPosition() <= firstPosition) {
      windowIndex++;
    }
    this.nextSamples = read(windowIndex);
  }

  /** Positions must rise. */
  EncodedSample take(long position) throws InterruptedException {
    if (samples == null) {
      samples = await();
    }
    int index = (int) (position - windows.get(windowIndex).firstPosition());
    if (index == samples.length) {
      windowIndex++;
      samples = null;
      if (nextSamples == null) {
        nextSamples = read(windowIndex);
      }
      return take(position);
    }
    if (nextSamples == null
        && windowIndex + 1 < windows.size()
        && index >= samples.length * (1 - NEXT_WINDOW_SHARE)) {
      nextSamples = read(windowIndex + 1);
    }
    EncodedSample sample = samples[index];
    samples[index] = null;
    return sample;
  }

  private EncodedSample[] await() throws InterruptedException {
    try {
      EncodedSample[] read = nextSamples.get();
      nextSamples = null;
      return read;
    } catch (ExecutionException e) {
      throw Prefetcher.asIs(e.getCause());
    }
  }

  private Future<EncodedSample[]> read(int index) {
    Window window = windows.get(index);
    return reading.submit(() -> shuffled(window));
  }

  private EncodedSample[] shuffled(Window window) {
    List<EncodedSample> rows = new ArrayList<>(window.samples());
    for (BlockRange range : window.ranges()) {
      if (range.block() != lastBlock) {
        lastSamples = dataset.read(blocks, range.block());
        lastBlock = range.block();
      }
      rows.addAll(lastSamples.subList(range.fromRow(), range.toRow()));
    }
    int[] permutation = window.permutation();
    EncodedSample[] shuffled = new EncodedSample[permutation.length];
    for (int i = 0; i < permutation.length; i++) {
      shuffled[i] = rows.get(permutation[i]);
    }
    return shuffled;
  }
}
