// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.shard;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.bellows.data.prepare.listing.ListingResult;
import org.bellows.data.prepare.source.part.SourceItem;
import scala.Tuple2;

/** Items with their keys, without those whose shard is there already. */
final class PendingItems implements Iterator<Tuple2<ShuffleKey, SourceItem>> {
  private final Iterator<ListingResult> items;
  private final ShardAssignment assignment;
  private Tuple2<ShuffleKey, SourceItem> following;

  PendingItems(Iterator<ListingResult> items, ShardAssignment assignment) {
    this.items = items;
    this.assignment = assignment;
  }

  @Override
  public boolean hasNext() {
    while (following == null && items.hasNext()) {
      ListingResult listed = items.next();
      if (listed.failure() != null) {
        // Found while listing the first time, it would have ended the job.
        throw listed.failure().exception();
      }
      if (listed.item() != null) {
        ShuffleKey key = assignment.keyOf(listed.item());
        if (key.partition() != ShardAssignment.WRITTEN) {
          following = new Tuple2<>(key, listed.item());
        }
      }
    }
    return following != null;
  }

  @Override
  public Tuple2<ShuffleKey, SourceItem> next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    Tuple2<ShuffleKey, SourceItem> item = following;
    following = null;
    return item;
  }
}
