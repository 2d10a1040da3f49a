// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.order;

import java.util.ArrayList;
import java.util.List;
import org.bellows.conf.BellowsException;
import org.bellows.data.random.SampleRandom;
import org.bellows.data.random.SplittableSeeds;
import org.bellows.data.random.SplittableSeeds.Purpose;

/**
 * Which samples a lane sees in an epoch, and when.
 *
 * <p>The blocks are permuted by (seed, epoch) and laid end to end. That line is cut into K equal
 * spans, one a lane, of steps x lane batch samples each; what is left over at its end sits this
 * epoch out, and is another set of samples in the next. Inside a span, windows of consecutive
 * samples are shuffled by (seed, epoch, lane, window). Shards themselves were filled in random
 * order when the dataset was prepared, so blocks are random samples of the data already.
 *
 * <p>Repeated augmentation: with m repeats lanes g * m to g * m + m - 1 take the same samples at
 * the same time, so a step holds each of its samples m times. An epoch has as many steps as
 * without, and so takes 1 / m of the samples. m epochs are one pass: they take the spans that an
 * epoch without repeats would give to its lanes, one after the other, so a pass takes all samples,
 * each m times.
 */
public final class SampleOrder {
  private final int[] blockSamples;
  private final long[] firstIds;
  private final int lanes;
  private final int laneBatch;
  private final int windowSamples;
  private final long seed;
  private final int repeats;
  private final long stepsPerEpoch;

  /** Each sample once in a step. */
  public SampleOrder(
      List<Integer> blockSamples, int lanes, int laneBatch, int windowSamples, long seed) {
    this(blockSamples, lanes, laneBatch, windowSamples, seed, 1);
  }

  /**
   * @param blockSamples rows of each block of the whole split, in shard order
   * @param lanes K
   * @param laneBatch samples of one lane in one step
   * @param windowSamples that are shuffled together
   * @param repeats how often a step holds each of its samples; divides {@code lanes}
   * @throws BellowsException (data) when the split holds less than one global batch
   */
  public SampleOrder(
      List<Integer> blockSamples,
      int lanes,
      int laneBatch,
      int windowSamples,
      long seed,
      int repeats) {
    requirePositive("lanes", lanes);
    requirePositive("repeats", repeats);
    if (lanes % repeats != 0) {
      throw new IllegalArgumentException(
          "%d repeats do not divide %d lanes".formatted(repeats, lanes));
    }
    requirePositive("laneBatch", laneBatch);
    requirePositive("windowSamples", windowSamples);
    this.blockSamples = blockSamples.stream().mapToInt(Integer::intValue).toArray();
    this.firstIds = new long[this.blockSamples.length + 1];
    for (int block = 0; block < this.blockSamples.length; block++) {
      firstIds[block + 1] = firstIds[block] + this.blockSamples[block];
    }
    this.lanes = lanes;
    this.laneBatch = laneBatch;
    this.windowSamples = windowSamples;
    this.seed = seed;
    this.repeats = repeats;
    long globalBatch = (long) lanes * laneBatch;
    this.stepsPerEpoch = samples() / globalBatch;
    if (stepsPerEpoch == 0) {
      throw BellowsException.data(
          "the split that trains (train.split) has %d samples, fewer than one global batch of %d (%d lanes x %d); lower train.global-batch"
              .formatted(samples(), globalBatch, lanes, laneBatch));
    }
  }

  public int lanes() {
    return lanes;
  }

  public int laneBatch() {
    return laneBatch;
  }

  /** floor(N / (K x lane batch)), at least 1. */
  public long stepsPerEpoch() {
    return stepsPerEpoch;
  }

  /** N, the samples of the split. */
  public long samples() {
    return firstIds[blockSamples.length];
  }

  /** Samples of one lane in one epoch. */
  public long samplesPerLane() {
    return stepsPerEpoch * laneBatch;
  }

  /** The lane's windows in order; together they hold exactly {@link #samplesPerLane()} samples. */
  public List<ShuffleWindow> windows(int epoch, int lane) {
    if (lane < 0 || lane >= lanes) {
      throw new IllegalArgumentException("lane " + lane + " is not one of 0 to " + (lanes - 1));
    }
    int pass = epoch / repeats;
    int span = epoch % repeats * (lanes / repeats) + lane / repeats;
    int[] order = blockOrder(pass);
    long spanSeed = derive(Purpose.WINDOW_ORDER, pass, span);
    long spanStart = span * samplesPerLane();
    Cursor cursor = new Cursor(order, spanStart);
    List<ShuffleWindow> windows = new ArrayList<>();
    for (long position = 0; position < samplesPerLane(); position += windowSamples) {
      int length = (int) Math.min(windowSamples, samplesPerLane() - position);
      windows.add(
          new ShuffleWindow(
              position, cursor.take(length), SplittableSeeds.derive(spanSeed, windows.size())));
    }
    return windows;
  }

  /** Ids in the order in which the lane sees them: lane batch s is entries s*n to (s+1)*n - 1. */
  public long[] sampleIds(int epoch, int lane) {
    long[] ids = new long[Math.toIntExact(samplesPerLane())];
    int position = 0;
    for (ShuffleWindow window : windows(epoch, lane)) {
      long[] rows = new long[window.samples()];
      int row = 0;
      for (BlockRange range : window.ranges()) {
        for (int r = range.fromRow(); r < range.toRow(); r++) {
          rows[row++] = firstIds[range.block()] + r;
        }
      }
      for (int shuffled : window.permutation()) {
        ids[position++] = rows[shuffled];
      }
    }
    return ids;
  }

  private int[] blockOrder(int pass) {
    return new SampleRandom(derive(Purpose.BLOCK_ORDER, pass, 0)).permutation(blockSamples.length);
  }

  private long derive(Purpose purpose, int pass, int span) {
    long ofPass = SplittableSeeds.derive(SplittableSeeds.derive(seed, purpose), pass);
    return SplittableSeeds.derive(ofPass, span);
  }

  private static void requirePositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " is " + value + ", expected at least 1");
    }
  }

  /** Walks the permuted blocks laid end to end. */
  private final class Cursor {
    private final int[] order;
    private int index;
    private int row;

    Cursor(int[] order, long start) {
      this.order = order;
      long left = start;
      while (left >= blockSamples[order[index]]) {
        left -= blockSamples[order[index]];
        index++;
      }
      this.row = (int) left;
    }

    List<BlockRange> take(int samples) {
      List<BlockRange> ranges = new ArrayList<>();
      int left = samples;
      while (left > 0) {
        int block = order[index];
        int taken = Math.min(left, blockSamples[block] - row);
        if (taken > 0) {
          ranges.add(new BlockRange(block, row, row + taken));
        }
        left -= taken;
        row += taken;
        if (row == blockSamples[block]) {
          index++;
          row = 0;
        }
      }
      return ranges;
    }
  }
}
