// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.collective.reduce;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import org.bellows.worker.collective.BufferRegion;
import org.bellows.worker.collective.Communicator;
import org.bellows.worker.collective.reduce.EvenPartition.IndexRange;
import org.bellows.worker.collective.reduce.LaneTree.Node;

/**
 * A few numbers of each lane, combined over all lanes in the order of the lane tree: each rank
 * combines the nodes that it hosts whole, tells them to all others, and combines the rest as they
 * do. For vectors there is {@link ShardedVector}.
 */
public final class LaneReduction {
  private final Communicator communicator;
  private final int lanes;

  /**
   * @param lanes of all ranks together
   */
  public LaneReduction(Communicator communicator, int lanes) {
    this.communicator = communicator;
    this.lanes = lanes;
  }

  /**
   * All ranks call it.
   *
   * @param what is combined, for messages
   * @param ofLanes of this rank's lanes in order, as many numbers for each lane; not changed
   * @param merge of two neighbouring nodes, the left one first; changes neither
   * @return of all lanes
   */
  public double[] reduce(String what, List<double[]> ofLanes, BinaryOperator<double[]> merge) {
    IndexRange hosted = hosted(communicator.rank());
    Map<Node, double[]> known = new HashMap<>();
    for (Node node : nodes(communicator.rank())) {
      known.put(
          node,
          LaneTree.sum(
              node, n -> n.isLeaf() ? ofLanes.get(n.from() - hosted.from()) : null, merge));
    }
    exchange(what, known, ofLanes.get(0).length);
    return LaneTree.sum(LaneTree.root(lanes), known::get, merge);
  }

  private void exchange(String what, Map<Node, double[]> known, int length) {
    List<BufferRegion> own = new ArrayList<>();
    nodes(communicator.rank())
        .forEach(node -> own.add(whole(DoubleDigits.floats(known.get(node)))));
    Map<Node, float[]> arriving = new HashMap<>();
    for (int other = 0; other < communicator.size(); other++) {
      if (other != communicator.rank()) {
        nodes(other).forEach(node -> arriving.put(node, new float[floats(length)]));
      }
    }
    communicator.exchange(
        what,
        other -> own,
        other -> nodes(other).stream().map(node -> whole(arriving.get(node))).toList());
    arriving.forEach((node, floats) -> known.put(node, DoubleDigits.doubles(floats)));
  }

  /**
   * Floats that a rank sends to each other one.
   *
   * @param length numbers of a lane
   */
  public static long sentFloats(int lanes, int rank, int ranks, int length) {
    IndexRange hosted = EvenPartition.of(lanes, rank, ranks);
    return (long) LaneTree.cover(lanes, hosted.from(), hosted.to()).size() * floats(length);
  }

  private static int floats(int length) {
    return Math.multiplyExact(length, DoubleDigits.FLOATS);
  }

  private static BufferRegion whole(float[] floats) {
    return new BufferRegion(floats, 0, floats.length);
  }

  private List<Node> nodes(int rank) {
    IndexRange hosted = hosted(rank);
    return LaneTree.cover(lanes, hosted.from(), hosted.to());
  }

  private IndexRange hosted(int rank) {
    return EvenPartition.of(lanes, rank, communicator.size());
  }
}
