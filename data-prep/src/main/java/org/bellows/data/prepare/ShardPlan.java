package org.bellows.data.prepare;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.bellows.conf.Settings;
import org.bellows.data.prepare.Source.SourceSplit;
import org.bellows.data.random.SplittableSeeds;
import org.bellows.data.random.SplittableSeeds.Purpose;

/**
 * What one task writes.
 *
 * @param name of the file, without folder
 * @param items in the order in which they are written
 */
record ShardPlan(String split, String name, SourceLayout layout, List<SourceItem> items)
    implements Serializable {
  private static final long MEBIBYTE = 1 << 20;

  private record Keyed(long key, SourceItem item) {}

  /**
   * The one global shuffle: sorted by a hash of (seed, path), cut into ranges of equally many
   * images. The number of shards follows from the source's bytes and {@code
   * prepare.shard-mebibytes} alone.
   */
  static List<ShardPlan> of(SourceSplit split, Settings.Prepare prepare) {
    long seed = SplittableSeeds.derive(prepare.seed(), Purpose.SOURCE_ORDER);
    List<Keyed> keyed = new ArrayList<>(split.items().size());
    for (SourceItem item : split.items()) {
      keyed.add(new Keyed(SplittableSeeds.derive(seed, item.path()), item));
    }
    keyed.sort(
        Comparator.comparingLong(Keyed::key)
            .thenComparing(k -> k.item().path(), SourceItem.BYTE_ORDER));
    long bytes = split.items().stream().mapToLong(SourceItem::bytes).sum();
    long shardBytes = prepare.shardMebibytes() * MEBIBYTE;
    int images = keyed.size();
    int shards = (int) Math.max(1, Math.min(images, (bytes + shardBytes - 1) / shardBytes));
    List<ShardPlan> plans = new ArrayList<>(shards);
    for (int shard = 0; shard < shards; shard++) {
      int from = (int) ((long) shard * images / shards);
      int end = (int) ((shard + 1L) * images / shards);
      // A list of its own: a view would drag the whole split into each serialized task.
      List<SourceItem> items = new ArrayList<>(end - from);
      keyed.subList(from, end).forEach(k -> items.add(k.item()));
      String name = "%s-%05d.parquet".formatted(split.name(), shard);
      plans.add(new ShardPlan(split.name(), name, split.layout(), items));
    }
    return plans;
  }
}
