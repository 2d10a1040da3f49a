package org.bellows.data.prepare;

import java.io.Serializable;
import java.util.Comparator;
import org.bellows.data.prepare.source.ItemContent.FileRange;
import org.bellows.data.prepare.source.SourceItem;

/**
 * An item's place in the one global shuffle.
 *
 * @param partition that writes its shard
 * @param hash of (prepare.seed, path)
 * @param path and what follows: only to have one order where hashes or even paths are the same
 */
record ItemKey(int partition, long hash, String path, String label, long offset)
    implements Serializable {
  /** The order inside a shard. */
  static final Comparator<ItemKey> ORDER =
      Comparator.comparingLong(ItemKey::hash)
          .thenComparing(ItemKey::path, SourceItem.BYTE_ORDER)
          .thenComparing(ItemKey::label)
          .thenComparingLong(ItemKey::offset);

  static ItemKey of(int partition, long hash, SourceItem item) {
    return new ItemKey(
        partition,
        hash,
        item.path(),
        item.label() == null ? item.refusal().reason() : item.label(),
        item.content() instanceof FileRange range ? range.offset() : 0);
  }

  /** {@link #ORDER}, as Spark ships it. */
  static final class Order implements Comparator<ItemKey>, Serializable {
    private static final long serialVersionUID = 1L;

    @Override
    public int compare(ItemKey a, ItemKey b) {
      return ORDER.compare(a, b);
    }
  }
}
