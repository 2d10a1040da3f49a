// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.collective.reduce;

import java.util.List;
import java.util.stream.IntStream;
import org.bellows.worker.collective.reduce.EvenPartition.IndexRange;
import org.bellows.worker.collective.reduce.LaneTree.Node;

/**
 * How a flat vector and the lanes are divided among the ranks, and how many floats each rank sends
 * because of it. The same on every rank, and known before there are any.
 *
 * <p>The vector is cut into buckets, of each of which every rank owns a slice. Who owns an element
 * changes no sum: each is added in the order of the lane tree.
 */
public final class Sharding {
  /** 4 MB keep a link of 1 Gbit/s busy for longer than a delay of the network lasts. */
  private static final int LARGEST_BUCKET = 1 << 20;

  /** Each exchange costs a rank some 0.2 ms; 256 KB take ten times as long on such a link. */
  private static final int SMALLEST_BUCKET = 1 << 16;

  /** The last bucket is sent when nothing is computed any more. */
  private static final int BUCKETS = 16;

  private final int length;
  private final int lanes;
  private final int ranks;
  private final int multiple;
  private final int buckets;
  private final EvenSlices slices;

  /** Null where nothing is rounded. */
  private final BlockFloat16Codec blocks;

  /**
   * The vector is one bucket.
   *
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
    this.buckets = 1;
    this.slices = slices();
    this.blocks = rounded.isEmpty() ? null : new BlockFloat16Codec(length, multiple, rounded);
  }

  private Sharding(Sharding other, int buckets) {
    this.length = other.length;
    this.lanes = other.lanes;
    this.ranks = other.ranks;
    this.multiple = other.multiple;
    this.buckets = buckets;
    this.slices = slices();
    this.blocks = other.blocks;
  }

  /**
   * The same vector in buckets that are sent one by one: each about a sixteenth of it, but neither
   * too small nor too large ones.
   */
  public Sharding inBuckets() {
    int floats = Math.max(SMALLEST_BUCKET, Math.min(LARGEST_BUCKET, length / BUCKETS));
    return inBuckets(Math.max(1, Math.round((float) length / floats)));
  }

  /**
   * The same vector in so many buckets of about the same length.
   *
   * @param count at least 1
   */
  public Sharding inBuckets(int count) {
    return new Sharding(this, count);
  }

  /** Number of buckets. */
  public int buckets() {
    return buckets;
  }

  /** A bucket, numbered from 0 in the order of the vector; it begins at a multiple. */
  IndexRange bucket(int bucket) {
    return EvenPartition.aligned(length, bucket, buckets, multiple);
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

  private EvenSlices slices() {
    return new EvenSlices(
        IntStream.range(0, buckets).mapToObj(this::bucket).toList(), ranks, multiple);
  }

  /** The slice of a bucket that a rank owns, in places of the vector; may be empty. */
  IndexRange slice(int rank, int bucket) {
    return slices.slice(rank, bucket);
  }

  /** The slices of all buckets that a rank owns. */
  public OwnedParts owned(int rank) {
    return OwnedParts.of(
        IntStream.range(0, buckets).mapToObj(bucket -> slice(rank, bucket)).toList());
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

  /** Floats that a rank's slices of all buckets take between hosts. */
  long packed(int rank) {
    long floats = 0;
    for (int bucket = 0; bucket < buckets; bucket++) {
      IndexRange slice = slice(rank, bucket);
      floats += blocks == null ? slice.length() : blocks.packedLength(slice);
    }
    return floats;
  }
}
