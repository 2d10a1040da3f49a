// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.shard;

/** What a shard has beside the columns that each shard has; all shards of a split say the same. */
public enum ShardColumns {
  /** Nothing: a sample has one label. */
  PLAIN,
  /** Label maps, of some samples or all. */
  MASK,
  /** Lists of labels: a sample has any number of classes. */
  LABELS
}
