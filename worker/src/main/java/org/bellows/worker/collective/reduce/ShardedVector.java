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
import org.bellows.worker.collective.reduce.OwnedParts.OwnedPart;

/**
 * The two halves of an update over a flat vector of which each rank owns a slice of each bucket:
 * sums over all lanes arrive at the owner (reduce-scatter), new values leave it (all-gather).
 */
public final class ShardedVector {
  private final Communicator communicator;
  private final Sharding sharding;
  private final OwnedParts owned;
  private final List<SliceExchange> buckets = new ArrayList<>();
  private final AllGather gather;

  /** Null where nothing is rounded. */
  private final CompressedExchange rounded;

  /** The sum over all lanes of what is owned, of several buckets; of one it stays where it is. */
  private final float[] sum;

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
    this.owned = owned(communicator.rank());
    this.rounded =
        sharding.blocks() == null ? null : new CompressedExchange(communicator, sharding.blocks());
    for (int bucket = 0; bucket < sharding.buckets(); bucket++) {
      buckets.add(new SliceExchange(communicator, sharding, bucket, rounded));
    }
    this.gather = new AllGather(communicator, sharding, rounded);
    this.sum = new float[sharding.buckets() == 1 ? 0 : owned.length()];
  }

  /** This rank. */
  public int rank() {
    return communicator.rank();
  }

  /** What this rank owns of the flat vector. */
  public OwnedParts owned() {
    return owned;
  }

  /** What a rank owns of the flat vector; may be nothing. */
  public OwnedParts owned(int rank) {
    return sharding.owned(rank);
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
   * @return the sum over all lanes of what is owned, [owned().length()]; valid until the next call,
   *     or until sums are changed
   */
  public float[] reduceScatter(String what, Map<Node, float[]> sums) {
    return stream(what).finish(sums, communicator);
  }

  /**
   * The sum over all lanes of what is owned, as above, whether what each rank said of itself is
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
    return stream(what).finish(sums, mine, leaves);
  }

  /** As {@link #reduceScatter}, of sums that become final part by part. All ranks call it. */
  public SumStream stream(String what) {
    return new SumStream(this, communicator, "reduce-scatter of " + what);
  }

  /** How many buckets are exchanged one by one. */
  public int buckets() {
    return sharding.buckets();
  }

  int bucketStart(int bucket) {
    return sharding.bucket(bucket).from();
  }

  /** Where the first bucket begins that has nothing before an element; the length: none has. */
  public int firstBucketFrom(int element) {
    int start = sharding.length();
    for (int bucket = sharding.buckets() - 1; bucket >= 0 && bucketStart(bucket) >= element; ) {
      start = bucketStart(bucket--);
    }
    return start;
  }

  /**
   * {@link #reduceScatter(String, Map)} of one bucket. All ranks call it for all buckets, in the
   * same order.
   *
   * @param through the exchange, or what puts something behind each rank's pieces
   * @return of the last one that is called: that of all
   */
  float[] reduceScatter(String what, int bucket, Map<Node, float[]> sums, Communicator through) {
    return inOwned(bucket, buckets.get(bucket).reduceScatter(what, sums, through));
  }

  /** The first part of a bucket's reduce-scatter, of several ranks: between those of one host. */
  void beginReduceScatter(String what, int bucket, Map<Node, float[]> sums, Communicator through) {
    buckets.get(bucket).begin(what, sums, through);
  }

  /** The second part, after the first: what goes to other hosts. */
  void sendSums(String what, int bucket, Communicator through) {
    buckets.get(bucket).sendBetweenHosts(what, through);
  }

  /**
   * The last part, by any thread, after the first: what comes from other hosts.
   *
   * @return as {@link #reduceScatter(String, int, Map, Communicator)}
   */
  float[] receiveSums(String what, int bucket, Communicator through) {
    return inOwned(bucket, buckets.get(bucket).receiveBetweenHosts(what, through));
  }

  private float[] inOwned(int bucket, float[] ofSlice) {
    if (sharding.buckets() == 1) {
      return ofSlice;
    }
    IndexRange slice = buckets.get(bucket).owned();
    int from = communicator.size() == 1 ? slice.from() : 0;
    for (OwnedPart part : owned.within(slice.from(), slice.to())) {
      System.arraycopy(ofSlice, from, sum, part.at(), part.length());
    }
    return sum;
  }

  /**
   * The sum of two nodes of the lane tree, [length] each.
   *
   * @return left, overwritten; right may be overwritten, too
   */
  public float[] addInPlace(float[] left, float[] right) {
    addInPlace(left, right, 0, sharding.length());
    return left;
  }

  /** Likewise, elements [from, to) of both, where buckets begin. */
  public void addInPlace(float[] left, float[] right, int from, int to) {
    if (rounded != null) {
      IndexRange part = new IndexRange(from, to);
      rounded.blocks().roundInPlace(part, left, from);
      rounded.blocks().roundInPlace(part, right, from);
    }
    for (int i = from; i < to; i++) {
      left[i] += right[i];
    }
  }

  /** As it is: sends what is owned of a vector [length] to all and puts theirs in place. */
  public void allGatherInPlace(String what, float[] vector) {
    gather.run("all-gather of " + what, vector, false);
  }

  /** Likewise, but what is rounded is, also of what is owned: the same vector everywhere. */
  public void allGatherRoundedInPlace(String what, float[] vector) {
    if (rounded == null) {
      allGatherInPlace(what, vector);
      return;
    }
    for (OwnedPart part : owned.parts()) {
      rounded.blocks().roundInPlace(part.range(), vector, part.from());
    }
    gather.run("all-gather of " + what, vector, true);
  }

  /** Whether any part is rounded. */
  public boolean isRounding() {
    return rounded != null;
  }

  /**
   * Copies, of what is owned, the parts that are rounded.
   *
   * @param vector that they are copied from
   * @param ofOwned [owned().length()]
   */
  public void readRounded(float[] vector, float[] ofOwned) {
    for (OwnedPart part : owned.parts()) {
      rounded.blocks().copyRounded(part.range(), vector, part.from(), ofOwned, part.at());
    }
  }

  /** The opposite of {@link #readRounded}. */
  public void writeRounded(float[] ofOwned, float[] vector) {
    for (OwnedPart part : owned.parts()) {
      rounded.blocks().copyRounded(part.range(), ofOwned, part.at(), vector, part.from());
    }
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
   * Brings vectors of what each rank owns to rank 0, for a checkpoint.
   *
   * @param ofOwned vectors of [owned().length()]
   * @return whole vectors of [length] on rank 0, an empty list elsewhere
   */
  public List<float[]> gather(String what, List<float[]> ofOwned) {
    List<float[]> whole = new ArrayList<>();
    boolean root = communicator.rank() == 0;
    for (int i = 0; root && i < ofOwned.size(); i++) {
      whole.add(new float[sharding.length()]);
      owned.write(ofOwned.get(i), whole.get(i));
    }
    communicator.exchange(
        "gather of " + what,
        other -> other == 0 ? wholeOf(ofOwned) : List.of(),
        other -> root ? pieces(whole, owned(other)) : List.of());
    return whole;
  }

  private static List<BufferRegion> wholeOf(List<float[]> slices) {
    List<BufferRegion> regions = new ArrayList<>();
    for (float[] slice : slices) {
      regions.add(new BufferRegion(slice, 0, slice.length));
    }
    return regions;
  }

  private static List<BufferRegion> pieces(List<float[]> vectors, OwnedParts parts) {
    List<BufferRegion> regions = new ArrayList<>();
    for (float[] vector : vectors) {
      for (OwnedPart part : parts.parts()) {
        regions.add(new BufferRegion(vector, part.from(), part.length()));
      }
    }
    return regions;
  }
}
