// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.collective.reduce;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bellows.worker.collective.BufferRegion;
import org.bellows.worker.collective.reduce.EvenPartition.IndexRange;
import org.bellows.worker.collective.reduce.LaneTree.Node;

/**
 * The sum of a node of the lane tree, for a slice of the vector: of the root for the slice that a
 * rank owns. It is added up from the rank's own nodes and those that arrive, in tree order, block
 * by block, the whole tree of each: where it can be, as soon as a block is here from everybody,
 * while caches have it.
 */
final class TreeReducer {
  /** As many or, where a slice begins at multiples of more, as many as that. */
  private static final int BLOCK_FLOATS = 4096;

  private final Node root;
  private final IndexRange owned;
  private final int block;

  /** Null where nothing is rounded. */
  private final BlockFloat16Codec rounded;

  /** [owned.length()] each, overwritten by sums. Own nodes are there where they are rounded. */
  private final Map<Node, float[]> arriving = new HashMap<>();

  /** For each node of other ranks, the number of floats that have arrived. */
  private final Map<Node, Integer> arrived = new HashMap<>();

  /** By block, how many of these nodes have it. */
  private final int[] here;

  private Map<Node, float[]> sums;
  private int summed;
  private float[] result;

  /**
   * @param root whose sum it is
   * @param owned the slice
   * @param mine nodes of this rank below the root
   * @param others nodes that arrive, which make up the rest of the root
   * @param multiple slices begin at multiples of it
   * @param rounded null: nothing is
   */
  TreeReducer(
      Node root,
      IndexRange owned,
      List<Node> mine,
      List<Node> others,
      int multiple,
      BlockFloat16Codec rounded) {
    this.root = root;
    this.owned = owned;
    this.block = multiple * Math.max(1, BLOCK_FLOATS / multiple);
    this.here = new int[(owned.length() + block - 1) / block];
    this.rounded = rounded;
    for (Node node : others) {
      arriving.put(node, new float[owned.length()]);
      arrived.put(node, 0);
    }
    if (rounded != null && !others.isEmpty()) {
      mine.forEach(node -> arriving.put(node, new float[owned.length()]));
    }
  }

  /**
   * Where another rank's node comes, [owned.length()].
   *
   * @param tells whether the data that arrive are the node's values, and their arrival counts
   */
  BufferRegion arriving(Node node, boolean tells) {
    float[] array = arriving.get(node);
    return tells
        ? new BufferRegion(array, 0, array.length, count -> hasArrived(node, count))
        : new BufferRegion(array, 0, array.length);
  }

  /**
   * A node's values of the slice.
   *
   * @param from index of the slice's first
   */
  private record Operand(float[] array, int from, boolean isCallers) {}

  /**
   * @param ownSums flat vectors by own node; not to be changed before {@link #finish}
   */
  void begin(Map<Node, float[]> ownSums) {
    sums = ownSums;
    summed = 0;
    result = new float[0];
    Arrays.fill(here, 0);
    arrived.replaceAll((node, count) -> 0);
  }

  private void hasArrived(Node node, int count) {
    int before = arrived.put(node, count);
    for (int i = blocks(before); i < blocks(count); i++) {
      here[i]++;
    }
    while (summed < owned.length() && here[summed / block] == arrived.size()) {
      addBlock();
    }
  }

  /** Whole ones; the last may be shorter. */
  private int blocks(int floats) {
    return floats == owned.length() ? here.length : floats / block;
  }

  Node root() {
    return root;
  }

  /** Everything has arrived: likewise, in whichever array it is. */
  BufferRegion finished() {
    return arriving.isEmpty()
        ? new BufferRegion(sums.get(root), owned.from(), owned.length())
        : new BufferRegion(finish(), 0, owned.length());
  }

  /**
   * Everything has arrived.
   *
   * @return [owned.length()], valid until the next begin or until own sums are changed
   */
  float[] finish() {
    if (arriving.isEmpty()) {
      throw new IllegalStateException("this rank has " + root + " whole");
    }
    while (summed < owned.length()) {
      addBlock();
    }
    return result;
  }

  private void addBlock() {
    IndexRange part = new IndexRange(summed, Math.min(summed + block, owned.length()));
    result =
        LaneTree.sum(root, node -> known(node, part), (left, right) -> add(left, right, part))
            .array();
    summed = part.to();
  }

  private Operand known(Node node, IndexRange part) {
    float[] sum = sums.get(node);
    float[] arrived = arriving.get(node);
    if (sum == null) {
      return arrived == null ? null : new Operand(arrived, 0, false);
    }
    if (arrived == null) {
      return new Operand(sum, owned.from(), true);
    }
    System.arraycopy(sum, owned.from() + part.from(), arrived, part.from(), part.length());
    return new Operand(arrived, 0, false);
  }

  /**
   * Of two siblings in the tree one belongs to another rank at least in part, and not to the
   * caller.
   */
  private Operand add(Operand left, Operand right, IndexRange part) {
    if (rounded != null) {
      IndexRange inVector = new IndexRange(owned.from() + part.from(), owned.from() + part.to());
      rounded.roundInPlace(inVector, left.array(), part.from());
      rounded.roundInPlace(inVector, right.array(), part.from());
    }
    Operand sum = left.isCallers() ? right : left;
    Operand other = left.isCallers() ? left : right;
    addInPlace(sum.array(), part.from(), other.array(), other.from() + part.from(), part.length());
    return sum;
  }

  private static void addInPlace(float[] sum, int at, float[] other, int from, int count) {
    for (int i = 0; i < count; i++) {
      sum[at + i] += other[from + i];
    }
  }
}
