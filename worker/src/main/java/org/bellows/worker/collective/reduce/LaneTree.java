// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.collective.reduce;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.Function;

/**
 * The lane tree: the one order in which gradients of lanes, and so of ranks, are summed.
 * Floating-point addition is not associative; a binary tree over lane numbers, the same for any
 * placement of lanes, makes the number of workers irrelevant to the bits.
 */
public final class LaneTree {
  private LaneTree() {}

  /** Lanes from (inclusive) .. to (exclusive). */
  public record Node(int from, int to) {
    public Node {
      if (from < 0 || to <= from) {
        throw new IllegalArgumentException("no lanes in [" + from + ", " + to + ")");
      }
    }

    /** Whether it is a single lane. */
    public boolean isLeaf() {
      return to - from == 1;
    }

    /** The left child takes the largest power of two of lanes that leaves something over. */
    private int middle() {
      return from + Integer.highestOneBit(to - from - 1);
    }

    /** The child that is summed first. */
    public Node left() {
      return new Node(from, middle());
    }

    /** The other child. */
    public Node right() {
      return new Node(middle(), to);
    }
  }

  public static Node root(int lanes) {
    return new Node(0, lanes);
  }

  /**
   * The fewest nodes of the tree over all lanes that make up [from, to), in lane order: what a
   * worker that hosts these lanes can add up on its own.
   */
  public static List<Node> cover(int lanes, int from, int to) {
    List<Node> cover = new ArrayList<>();
    collect(root(lanes), from, to, cover);
    return cover;
  }

  private static void collect(Node node, int from, int to, List<Node> cover) {
    if (node.to() <= from || node.from() >= to) {
      return;
    }
    if (from <= node.from() && node.to() <= to) {
      cover.add(node);
      return;
    }
    collect(node.left(), from, to, cover);
    collect(node.right(), from, to, cover);
  }

  /**
   * Sum of a node in tree order.
   *
   * @param known the sum of a node where it is there already, else null; leaves must be known
   * @param add may overwrite and return its left operand
   */
  public static <V> V sum(Node node, Function<Node, V> known, BinaryOperator<V> add) {
    V value = known.apply(node);
    if (value != null) {
      return value;
    }
    if (node.isLeaf()) {
      throw new IllegalStateException("nothing is known of lane " + node.from());
    }
    V left = sum(node.left(), known, add);
    return add.apply(left, sum(node.right(), known, add));
  }
}
