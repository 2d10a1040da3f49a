package org.bellows.worker.collective;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bellows.worker.collective.LaneTree.Node;
import org.bellows.worker.collective.Shares.Share;

/**
 * The sum over all lanes of the slice that a rank owns, from its own nodes of the lane tree and
 * those that arrive, in tree order. Goes through memory once, block by block, the whole tree of
 * each.
 */
final class SliceSum {
  /** As many or, where a slice begins at multiples of more, as many as that. */
  private static final int BLOCK_FLOATS = 4096;

  private final int lanes;
  private final Share owned;
  private final int block;

  /** Null where nothing is rounded. */
  private final Float16Blocks rounded;

  /** [owned.length()] each, overwritten by sums. Own nodes are there where they are rounded. */
  private final Map<Node, float[]> arriving = new HashMap<>();

  /**
   * @param mine nodes of this rank
   * @param others nodes of all other ranks
   * @param multiple slices begin at multiples of it
   * @param rounded null: nothing is
   */
  SliceSum(
      int lanes,
      Share owned,
      List<Node> mine,
      List<Node> others,
      int multiple,
      Float16Blocks rounded) {
    this.lanes = lanes;
    this.owned = owned;
    this.block = multiple * Math.max(1, BLOCK_FLOATS / multiple);
    this.rounded = rounded;
    others.forEach(node -> arriving.put(node, new float[owned.length()]));
    if (rounded != null && !others.isEmpty()) {
      mine.forEach(node -> arriving.put(node, new float[owned.length()]));
    }
  }

  /** Where another rank's node is to be put, [owned.length()]. */
  float[] arriving(Node node) {
    return arriving.get(node);
  }

  /**
   * A node's values of the slice.
   *
   * @param from index of the slice's first
   */
  private record Operand(float[] array, int from, boolean isCallers) {}

  /**
   * @param sums flat vectors by own node
   * @return [owned.length()], valid until the next call or until sums are changed
   */
  float[] of(Map<Node, float[]> sums) {
    Node root = LaneTree.root(lanes);
    if (arriving.isEmpty()) {
      // There is only this rank, and the slice is the whole vector.
      return sums.get(root);
    }
    float[] result = new float[0];
    for (int start = 0; start < owned.length(); start += block) {
      Share part = new Share(start, Math.min(start + block, owned.length()));
      result =
          LaneTree.sum(
                  root, node -> known(node, sums, part), (left, right) -> add(left, right, part))
              .array();
    }
    return result;
  }

  private Operand known(Node node, Map<Node, float[]> sums, Share part) {
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

  /** Of two siblings in the tree one is another rank's at least in part, and not the caller's. */
  private Operand add(Operand left, Operand right, Share part) {
    if (rounded != null) {
      Share inVector = new Share(owned.from() + part.from(), owned.from() + part.to());
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
