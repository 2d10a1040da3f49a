// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.shard;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.bellows.conf.Settings;
import org.bellows.data.prepare.listing.ListingCounts;

/**
 * The shards that one task writes.
 *
 * @param name of the file, without ending
 */
public record ShardPlan(String split, String name) implements Serializable {
  private static final long MEBIBYTE = 1 << 20;

  String file() {
    return name + ".parquet";
  }

  /**
   * The number of shards of a split follows from the source's bytes and {@code
   * prepare.shard-mebibytes} alone.
   */
  public static List<ShardPlan> of(
      String split, ListingCounts.SplitListing listing, Settings.Prepare prepare) {
    long shardBytes = prepare.shardMebibytes() * MEBIBYTE;
    long wanted = (listing.bytes() + shardBytes - 1) / shardBytes;
    int shards = (int) Math.max(1, Math.min(Math.min(listing.images(), wanted), 99_999));
    List<ShardPlan> plans = new ArrayList<>(shards);
    for (int shard = 0; shard < shards; shard++) {
      plans.add(new ShardPlan(split, "%s-%05d".formatted(split, shard)));
    }
    return plans;
  }
}
