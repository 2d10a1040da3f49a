// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.train;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.bellows.models.network.FlatLayout;
import org.bellows.models.network.FlatLayout.ParameterSlot;
import org.bellows.worker.collective.BufferRegion;
import org.bellows.worker.collective.Communicator;
import org.bellows.worker.collective.reduce.DoubleDigits;
import org.bellows.worker.collective.reduce.EvenPartition.IndexRange;

/**
 * Euclidean norms of whole parameter arrays and of their gradients, while each rank has the
 * gradient of its slice only. The same bits on any number of ranks: slices begin at multiples of a
 * block, so a block of an array is on one rank, which adds its squares from left to right in
 * double; all ranks swap the blocks' sums and add them in the order of the vector.
 */
final class ParameterNorms {
  /** Slices of the flat vector begin at multiples of it. */
  static final int BLOCK_FLOATS = 1024;

  private static final int VALUES = 2;

  private final Communicator communicator;
  private final List<Block> blocks;
  private final int[] firstBlock;
  private final int slice;
  private final float[] travelling;

  /** [from, to) of the flat vector: the part of one array in one block. */
  private record Block(int array, int from, int to) {}

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
   * @param slices by rank; consecutive, beginning at multiples of {@link #BLOCK_FLOATS}
   */
  ParameterNorms(FlatLayout layout, Communicator communicator, IntFunction<IndexRange> slices) {
    this.communicator = communicator;
    this.blocks = blocks(layout.segments());
    this.slice = slices.apply(communicator.rank()).from();
    this.firstBlock = new int[communicator.size() + 1];
    int block = 0;
    for (int rank = 0; rank < communicator.size(); rank++) {
      firstBlock[rank] = block;
      while (block < blocks.size() && blocks.get(block).from() < slices.apply(rank).to()) {
        block++;
      }
    }
    firstBlock[communicator.size()] = blocks.size();
    this.travelling = new float[blocks.size() * VALUES * DoubleDigits.FLOATS];
  }

  /** Floats that a rank tells each other one: of its own blocks. */
  static int floats(FlatLayout layout, IndexRange slice) {
    long own =
        blocks(layout.segments()).stream()
            .filter(block -> block.from() >= slice.from() && block.from() < slice.to())
            .count();
    return Math.toIntExact(own * VALUES * DoubleDigits.FLOATS);
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
   * @param gradient [length of this rank's slice]
   */
  Squares of(String what, int arrays, float[] parameters, float[] gradient) {
    int rank = communicator.rank();
    for (int block = firstBlock[rank]; block < firstBlock[rank + 1]; block++) {
      Block own = blocks.get(block);
      DoubleDigits.put(travelling, VALUES * block, squares(parameters, own.from(), own.to()));
      DoubleDigits.put(
          travelling, VALUES * block + 1, squares(gradient, own.from() - slice, own.to() - slice));
    }
    communicator.exchange("norms of " + what, other -> piece(rank), other -> piece(other));
    Squares sums = new Squares(new double[arrays], new double[arrays]);
    for (int block = 0; block < blocks.size(); block++) {
      sums.parameters()[blocks.get(block).array()] += DoubleDigits.get(travelling, VALUES * block);
      sums.gradients()[blocks.get(block).array()] +=
          DoubleDigits.get(travelling, VALUES * block + 1);
    }
    return sums;
  }

  private static double squares(float[] values, int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += (double) values[i] * values[i];
    }
    return sum;
  }

  private List<BufferRegion> piece(int rank) {
    int floats = VALUES * DoubleDigits.FLOATS;
    int from = firstBlock[rank] * floats;
    return List.of(new BufferRegion(travelling, from, firstBlock[rank + 1] * floats - from));
  }
}
