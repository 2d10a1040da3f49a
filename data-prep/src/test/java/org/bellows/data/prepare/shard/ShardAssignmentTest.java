// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.shard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.bellows.data.prepare.source.part.ItemContent.EncodedBytes;
import org.bellows.data.prepare.source.part.ItemContent.FileRange;
import org.bellows.data.prepare.source.part.ItemContent.WholeFile;
import org.bellows.data.prepare.source.part.SourceItem;
import org.bellows.data.prepare.source.part.SourceMask;
import org.bellows.data.random.SampleRandom;
import org.bellows.data.random.SplittableSeeds;
import org.bellows.data.random.SplittableSeeds.Purpose;
import org.junit.jupiter.api.Test;

/** Places of items that no list of all items is needed for. */
class ShardAssignmentTest {
  @Test
  void rangesOfTheHashInItsOrder() {
    assertThat(ShardAssignment.shardOf(Long.MIN_VALUE, 4)).isZero();
    assertThat(ShardAssignment.shardOf(-1, 4)).isEqualTo(1);
    assertThat(ShardAssignment.shardOf(0, 4)).isEqualTo(2);
    assertThat(ShardAssignment.shardOf(Long.MAX_VALUE, 4)).isEqualTo(3);
    assertThat(ShardAssignment.shardOf(Long.MAX_VALUE, 99_999)).isEqualTo(99_998);
    assertThat(ShardAssignment.shardOf(Long.MAX_VALUE, 1)).isZero();
  }

  @Test
  void shardsInARowAreTheSplitInTheOrderOfItsHashes() {
    List<SourceItem> items = items(3000);
    List<ShardPlan> plans = plans("train", 7);
    ShardAssignment assignment = new ShardAssignment(5, plans, Set.of());
    List<ShuffleKey> keys = new ArrayList<>(items.stream().map(assignment::keyOf).toList());
    keys.sort(Comparator.comparingInt(ShuffleKey::partition).thenComparing(ShuffleKey.ORDER));
    long seed = SplittableSeeds.derive(5, Purpose.SOURCE_ORDER);
    List<String> byHash =
        items.stream()
            .map(SourceItem::path)
            .sorted(Comparator.comparingLong(path -> SplittableSeeds.derive(seed, path)))
            .toList();
    assertThat(keys).extracting(ShuffleKey::path).isEqualTo(byHash);
    for (int shard = 0; shard < 7; shard++) {
      int number = shard;
      // 3000 / 7 = 429, give or take five deviations of a binomial distribution.
      assertThat(keys.stream().filter(key -> key.partition() == number).count())
          .isBetween(330L, 530L);
    }
  }

  @Test
  void shardsThatAreThereGetNoTaskAndMoveNoItem() {
    List<ShardPlan> plans = plans("train", 7);
    ShardAssignment all = new ShardAssignment(5, plans, Set.of());
    ShardAssignment rest = new ShardAssignment(5, plans, Set.of("train-00002", "train-00005"));
    assertThat(rest.numPartitions()).isEqualTo(5);
    for (SourceItem item : items(300)) {
      String shard = plans.get(all.keyOf(item).partition()).name();
      int task = rest.keyOf(item).partition();
      boolean isThere = shard.equals("train-00002") || shard.equals("train-00005");
      assertThat(task == ShardAssignment.WRITTEN).isEqualTo(isThere);
      if (!isThere) {
        assertThat(rest.pending().get(task).name()).isEqualTo(shard);
      }
    }
  }

  /** A key twice in sequence files, a path twice in a manifest: the order is the items' own. */
  @Test
  void itemsOfOnePathHaveOneOrder() {
    List<SourceItem> items = new ArrayList<>();
    for (byte i = 0; i < 4; i++) {
      items.add(SourceItem.of("train", "a/0.jpg", "a", 3, new EncodedBytes(new byte[] {1, i, 2})));
      WholeFile file = new WholeFile("file:/in/0.jpg");
      items.add(
          new SourceItem(
              "train",
              "0.jpg",
              List.of("a"),
              3,
              file,
              List.of(SourceMask.file("file:/in/" + i + ".png")),
              null));
      FileRange range = new FileRange("file:/in/" + i + ".tar", 512, 3);
      items.add(SourceItem.of("train", "train/a/0.jpg", "a", 3, range));
    }
    ShardAssignment assignment = new ShardAssignment(5, plans("train", 1), Set.of());
    List<ShuffleKey> keys = new ArrayList<>(items.stream().map(assignment::keyOf).toList());
    for (int i = 0; i < keys.size(); i++) {
      for (int j = 0; j < i; j++) {
        assertThat(ShuffleKey.ORDER.compare(keys.get(i), keys.get(j)))
            .as(keys.get(i) + " and " + keys.get(j))
            .isNotZero();
      }
    }
    keys.sort(ShuffleKey.ORDER);
    List<ShuffleKey> sorted = List.copyOf(keys);
    Collections.reverse(keys);
    keys.sort(ShuffleKey.ORDER);
    assertThat(keys).isEqualTo(sorted);
  }

  private static List<ShardPlan> plans(String split, int shards) {
    List<ShardPlan> plans = new ArrayList<>();
    for (int shard = 0; shard < shards; shard++) {
      plans.add(new ShardPlan(split, "%s-%05d".formatted(split, shard)));
    }
    return plans;
  }

  private static List<SourceItem> items(int count) {
    SampleRandom random = new SampleRandom(3);
    List<SourceItem> items = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      items.add(
          SourceItem.of("train", "train/a/" + random.nextLong() + ".jpg", "a", 100 + i, null));
    }
    return items;
  }
}
