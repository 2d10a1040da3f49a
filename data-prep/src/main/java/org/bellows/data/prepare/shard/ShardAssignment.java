// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.shard;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.Partitioner;
import org.bellows.data.prepare.source.part.SourceItem;
import org.bellows.data.random.SplittableSeeds;
import org.bellows.data.random.SplittableSeeds.Purpose;

/**
 * Which shard an item belongs to. The range of hashes is cut into as many equal ranges as the split
 * has shards, so that the shards, one after the other, are the split in the order of its hashes,
 * and an item's place depends on no other item.
 */
final class ShardAssignment extends Partitioner {
  private static final long serialVersionUID = 1L;

  /** No task: the shard is there already. */
  static final int WRITTEN = -1;

  private final long seed;
  private final Map<String, int[]> partitions = new HashMap<>();
  private final List<ShardPlan> pending;

  /**
   * @param plans of all shards
   * @param written names of those that are there already
   */
  ShardAssignment(long seed, List<ShardPlan> plans, Set<String> written) {
    this.seed = SplittableSeeds.derive(seed, Purpose.SOURCE_ORDER);
    this.pending = plans.stream().filter(plan -> !written.contains(plan.name())).toList();
    Map<String, Integer> index = new HashMap<>();
    for (int i = 0; i < pending.size(); i++) {
      index.put(pending.get(i).name(), i);
    }
    plans.stream()
        .map(ShardPlan::split)
        .distinct()
        .forEach(
            split ->
                partitions.put(
                    split,
                    plans.stream()
                        .filter(plan -> plan.split().equals(split))
                        .mapToInt(plan -> index.getOrDefault(plan.name(), WRITTEN))
                        .toArray()));
  }

  /** Shards that are still to be written; the task of partition i writes the i-th. */
  List<ShardPlan> pending() {
    return pending;
  }

  ShuffleKey keyOf(SourceItem item) {
    long hash = SplittableSeeds.derive(seed, item.path());
    int[] shards = partitions.get(item.split());
    return ShuffleKey.of(shards[shardOf(hash, shards.length)], hash, item);
  }

  /** floor(rank * shards / 2^32), where rank are the upper 32 bits of the hash's rank. */
  static int shardOf(long hash, int shards) {
    long rank = (hash ^ Long.MIN_VALUE) >>> 32;
    return (int) ((rank * shards) >>> 32);
  }

  @Override
  public int numPartitions() {
    return pending.size();
  }

  @Override
  public int getPartition(Object key) {
    return ((ShuffleKey) key).partition();
  }

  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}
