// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.collective.reduce;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bellows.worker.collective.BufferRegion;
import org.bellows.worker.collective.Communicator;
import org.bellows.worker.collective.reduce.EvenPartition.IndexRange;
import org.bellows.worker.collective.reduce.LaneTree.Node;

/**
 * The two halves of an update over a flat vector of which each rank owns one slice: sums over all
 * lanes arrive at the owner (reduce-scatter), new values leave it (all-gather).
 */
public final class ShardedVector {
  private final Communicator communicator;
  private final Sharding sharding;
  private final IndexRange owned;
  private final SliceExchange slices;
  private final CompressedExchange rounded;

  /** Everything travels as it is. */
  public ShardedVector(Communicator communicator, int length, int lanes, int multiple) {
    this(communicator, length, lanes, multiple, List.of());
  }

  /**
   * With parts that are rounded to float16 whenever they are or could be sent: then the result is
   * the same on any number of ranks, one among them. Of the sums over lanes each one but the root's
   * is rounded, and added up in float.
   *
   * @param length of the flat vector, in floats
   * @param lanes of all ranks together
   * @param multiple slices begin at multiples of it, so that blocks of that many floats stay whole
   * @param rounded parts of the vector, in order; empty: none
   */
  public ShardedVector(
      Communicator communicator, int length, int lanes, int multiple, List<IndexRange> rounded) {
    this(communicator, new Sharding(length, lanes, communicator.size(), multiple, rounded));
  }

  /** Likewise, divided among as many ranks as the exchange has. */
  public ShardedVector(Communicator communicator, Sharding sharding) {
    this.communicator = communicator;
    this.sharding = sharding;
    this.owned = slice(communicator.rank());
    this.slices = new SliceExchange(communicator, sharding);
    this.rounded = slices.rounded();
  }

  /** This rank. */
  public int rank() {
    return communicator.rank();
  }

  /** This rank's slice of the flat vector. */
  public IndexRange owned() {
    return owned;
  }

  /** The number of lanes of all ranks together. */
  public int lanes() {
    return sharding.lanes();
  }

  /** The lanes of this rank. */
  public IndexRange hosted() {
    return sharding.hosted(rank());
  }

  /** The tree's nodes that a rank adds up on its own, in lane order. */
  public List<Node> nodes(int rank) {
    return sharding.nodes(rank);
  }

  /**
   * Sends this rank's sums to the owners and adds what arrives in tree order.
   *
   * @param sums flat vectors [length] by node, for exactly {@link #nodes} of this rank
   * @return the sum over all lanes of the owned slice, [owned().length()]; valid until the next
   *     call, or until sums are changed
   */
  public float[] reduceScatter(String what, Map<Node, float[]> sums) {
    return slices.reduceScatter("reduce-scatter of " + what, sums, communicator);
  }

  /**
   * The sum over all lanes of the owned slice, as above, whether what each rank said of itself is
   * true of all, and whether a rank leaves.
   */
  public record Summed(float[] owned, boolean all, boolean isLeft) {}

  /**
   * Likewise, with a question put to all ranks on the way.
   *
   * @param mine this rank's answer
   * @param leaves whether this rank has been told to leave
   */
  public Summed reduceScatter(String what, Map<Node, float[]> sums, boolean mine, boolean leaves) {
    Vote vote = new Vote(communicator, mine, leaves);
    float[] sum = slices.reduceScatter("reduce-scatter of " + what, sums, vote);
    return new Summed(sum, vote.all(), vote.isLeft());
  }

  /**
   * The sum of two nodes of the lane tree, [length] each.
   *
   * @return left, overwritten; right may be overwritten, too
   */
  public float[] addInPlace(float[] left, float[] right) {
    if (rounded != null) {
      IndexRange all = new IndexRange(0, sharding.length());
      rounded.blocks().roundInPlace(all, left, 0);
      rounded.blocks().roundInPlace(all, right, 0);
    }
    for (int i = 0; i < left.length; i++) {
      left[i] += right[i];
    }
    return left;
  }

  /** As they are: sends the owned slice of a vector [length] to all and puts theirs in place. */
  public void allGatherInPlace(String what, float[] vector) {
    slices.allGatherInPlace("all-gather of " + what, vector, false);
  }

  /** Likewise, but what is rounded is, in the owned slice too: the same vector everywhere. */
  public void allGatherRoundedInPlace(String what, float[] vector) {
    if (rounded == null) {
      allGatherInPlace(what, vector);
      return;
    }
    rounded.blocks().roundInPlace(owned, vector, owned.from());
    slices.allGatherInPlace("all-gather of " + what, vector, true);
  }

  /** Whether any part is rounded. */
  public boolean isRounding() {
    return rounded != null;
  }

  /**
   * Copies, of the owned slice, the parts that are rounded.
   *
   * @param source whose element {@code from} is the slice's first
   * @param target whose element {@code at} is
   */
  public void copyRounded(float[] source, int from, float[] target, int at) {
    rounded.blocks().copyRounded(owned, source, from, target, at);
  }

  /** Whether a condition holds on all ranks; the same answer on each of them. */
  public boolean all(String what, boolean mine) {
    Vote vote = new Vote(communicator, mine, false);
    vote.exchange("vote on " + what, other -> List.of(), other -> List.of());
    return vote.all();
  }

  /**
   * Sends the numbers of each lane of this rank to every rank and puts theirs in place.
   *
   * @param numbers as many for each lane, lane by lane
   */
  public void allGatherLanesInPlace(String what, float[] numbers) {
    communicator.exchange(
        "all-gather of " + what,
        other -> List.of(ofLanes(numbers, communicator.rank())),
        other -> List.of(ofLanes(numbers, other)));
  }

  private BufferRegion ofLanes(float[] numbers, int rank) {
    int each = numbers.length / lanes();
    IndexRange hosted = sharding.hosted(rank);
    return new BufferRegion(numbers, hosted.from() * each, hosted.length() * each);
  }

  /**
   * Brings sliced vectors to rank 0, for a checkpoint.
   *
   * @param slices vectors of [owned().length()]
   * @return whole vectors of [length] on rank 0, an empty list elsewhere
   */
  public List<float[]> gather(String what, List<float[]> slices) {
    List<float[]> whole = new ArrayList<>();
    boolean root = communicator.rank() == 0;
    for (int i = 0; root && i < slices.size(); i++) {
      whole.add(new float[sharding.length()]);
      System.arraycopy(slices.get(i), 0, whole.get(i), owned.from(), owned.length());
    }
    communicator.exchange(
        "gather of " + what,
        other -> other == 0 ? wholeOf(slices) : List.of(),
        other -> root ? whole.stream().map(v -> piece(v, slice(other))).toList() : List.of());
    return whole;
  }

  private static List<BufferRegion> wholeOf(List<float[]> slices) {
    List<BufferRegion> regions = new ArrayList<>();
    for (float[] slice : slices) {
      regions.add(new BufferRegion(slice, 0, slice.length));
    }
    return regions;
  }

  /** The slice of the flat vector that a rank owns; may be empty. */
  public IndexRange slice(int rank) {
    return sharding.slice(rank);
  }

  private static BufferRegion piece(float[] vector, IndexRange range) {
    return new BufferRegion(vector, range.from(), range.length());
  }
}
