// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.train.update;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.bellows.models.network.FlatLayout;
import org.bellows.models.network.FlatLayout.ParameterSlot;
import org.bellows.worker.collective.BufferRegion;
import org.bellows.worker.collective.Communicator;
import org.bellows.worker.collective.reduce.DoubleDigits;
import org.bellows.worker.collective.reduce.OwnedParts;
import org.bellows.worker.collective.reduce.OwnedParts.OwnedPart;

/**
 * Euclidean norms of whole parameter arrays and of their gradients, while each rank has the
 * gradient of what it owns only. The same bits on any number of ranks: parts begin at multiples of
 * a block, so a block of an array is on one rank, which adds its squares from left to right in
 * double; all ranks swap the blocks' sums and add them in the order of the vector.
 */
public final class ParameterNorms {
  /** What a rank owns of the flat vector begins at multiples of it. */
  public static final int BLOCK_FLOATS = 1024;

  private static final int VALUES = 2;

  private final Communicator communicator;
  private final List<Block> blocks;

  /** By rank. */
  private final List<List<BlockRange>> owned = new ArrayList<>();

  private final float[] travelling;

  /** [from, to) of the flat vector: the part of one array in one block. */
  private record Block(int array, int from, int to) {}

  /**
   * The blocks of a part that a rank owns.
   *
   * @param first number of the first block
   * @param end one past the last
   */
  private record BlockRange(int first, int end, int shift) {}

  /**
   * Squared norms by array, in the layout's order; 0 for running statistics.
   *
   * @param parameters [arrays]
   * @param gradients [arrays]
   */
  record Squares(double[] parameters, double[] gradients) {

    /** The norm over all arrays together. */
    double gradient() {
      double sum = 0;
      for (double ofArray : gradients) {
        sum += ofArray;
      }
      return sum;
    }
  }

  /**
   * @param parts by rank; together the whole vector, beginning at multiples of {@link
   *     #BLOCK_FLOATS}
   */
  public ParameterNorms(
      FlatLayout layout, Communicator communicator, IntFunction<OwnedParts> parts) {
    this.communicator = communicator;
    this.blocks = blocks(layout.segments());
    for (int rank = 0; rank < communicator.size(); rank++) {
      List<BlockRange> ofRank = new ArrayList<>();
      for (OwnedPart part : parts.apply(rank).parts()) {
        ofRank.add(
            new BlockRange(
                firstFrom(blocks, part.from()), firstFrom(blocks, part.to()), part.shift()));
      }
      owned.add(ofRank);
    }
    this.travelling = new float[blocks.size() * VALUES * DoubleDigits.FLOATS];
  }

  /** Number of the first block that does not begin before an element. */
  private static int firstFrom(List<Block> blocks, int element) {
    int low = 0;
    int high = blocks.size();
    while (low < high) {
      int middle = (low + high) / 2;
      if (blocks.get(middle).from() < element) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Floats that a rank tells each other one: of its own blocks. */
  public static int floats(FlatLayout layout, OwnedParts owned) {
    List<Block> blocks = blocks(layout.segments());
    int own = 0;
    for (OwnedPart part : owned.parts()) {
      own += firstFrom(blocks, part.to()) - firstFrom(blocks, part.from());
    }
    return own * VALUES * DoubleDigits.FLOATS;
  }

  private static List<Block> blocks(List<ParameterSlot> arrays) {
    List<Block> blocks = new ArrayList<>();
    for (int array = 0; array < arrays.size(); array++) {
      ParameterSlot slot = arrays.get(array);
      int from = slot.offset();
      while (slot.kind().isTrainable() && from < slot.end()) {
        int to = Math.min(slot.end(), (from / BLOCK_FLOATS + 1) * BLOCK_FLOATS);
        blocks.add(new Block(array, from, to));
        from = to;
      }
    }
    return blocks;
  }

  /**
   * All ranks call it.
   *
   * @param arrays of the layout
   * @param parameters flat vector
   * @param gradient [number of elements that this rank owns]
   */
  Squares of(String what, int arrays, float[] parameters, float[] gradient) {
    int rank = communicator.rank();
    owned.get(rank).forEach(range -> put(range, parameters, gradient));
    communicator.exchange("norms of " + what, other -> pieces(rank), other -> pieces(other));
    Squares sums = new Squares(new double[arrays], new double[arrays]);
    for (int block = 0; block < blocks.size(); block++) {
      sums.parameters()[blocks.get(block).array()] += DoubleDigits.get(travelling, VALUES * block);
      sums.gradients()[blocks.get(block).array()] +=
          DoubleDigits.get(travelling, VALUES * block + 1);
    }
    return sums;
  }

  private void put(BlockRange range, float[] parameters, float[] gradient) {
    int shift = range.shift();
    for (int block = range.first(); block < range.end(); block++) {
      Block own = blocks.get(block);
      DoubleDigits.put(travelling, VALUES * block, squares(parameters, own.from(), own.to()));
      DoubleDigits.put(
          travelling, VALUES * block + 1, squares(gradient, own.from() - shift, own.to() - shift));
    }
  }

  private static double squares(float[] values, int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += (double) values[i] * values[i];
    }
    return sum;
  }

  private List<BufferRegion> pieces(int rank) {
    int floats = VALUES * DoubleDigits.FLOATS;
    return owned.get(rank).stream()
        .map(
            range ->
                new BufferRegion(
                    travelling, range.first() * floats, (range.end() - range.first()) * floats))
        .toList();
  }
}
