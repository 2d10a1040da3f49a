// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.collective.reduce;

import java.util.List;
import org.bellows.worker.collective.reduce.EvenPartition.IndexRange;
import org.bellows.worker.collective.reduce.LaneTree.Node;

/**
 * How a flat vector and the lanes are divided among the ranks, and how many floats each rank sends
 * because of it. The same on every rank, and known before there are any.
 */
public final class Sharding {
  private final int length;
  private final int lanes;
  private final int ranks;
  private final int multiple;

  /** Null where nothing is rounded. */
  private final BlockFloat16Codec blocks;

  /**
   * @param length of the flat vector, in floats
   * @param lanes of all ranks together
   * @param multiple slices begin at multiples of it, so that blocks of that many floats stay whole
   * @param rounded parts of the vector that are sent as float16, in order; empty: none
   */
  public Sharding(int length, int lanes, int ranks, int multiple, List<IndexRange> rounded) {
    this.length = length;
    this.lanes = lanes;
    this.ranks = ranks;
    this.multiple = multiple;
    this.blocks = rounded.isEmpty() ? null : new BlockFloat16Codec(length, multiple, rounded);
  }

  /** Length of the flat vector, in floats. */
  public int length() {
    return length;
  }

  /** Number of lanes of all ranks together. */
  public int lanes() {
    return lanes;
  }

  int multiple() {
    return multiple;
  }

  /** Null where nothing is rounded. */
  BlockFloat16Codec blocks() {
    return blocks;
  }

  /** The slice of the flat vector that a rank owns; may be empty. */
  public IndexRange slice(int rank) {
    return EvenPartition.aligned(length, rank, ranks, multiple);
  }

  /** The lanes of a rank. */
  public IndexRange hosted(int rank) {
    return EvenPartition.of(lanes, rank, ranks);
  }

  /** The tree's nodes that a rank adds up on its own, in lane order. */
  public List<Node> nodes(int rank) {
    IndexRange hosted = hosted(rank);
    return LaneTree.cover(lanes, hosted.from(), hosted.to());
  }

  /** How many ranks share it. */
  int ranks() {
    return ranks;
  }

  /** Floats that a part of the vector takes between hosts. */
  int packed(IndexRange part) {
    return blocks == null ? part.length() : blocks.packedLength(part);
  }
}
