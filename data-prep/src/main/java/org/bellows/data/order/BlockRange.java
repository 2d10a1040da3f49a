// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.order;

/**
 * Rows {@code fromRow} (inclusive) to {@code toRow} (exclusive) of a block.
 *
 * @param block index over all blocks of the split, in shard order
 */
public record BlockRange(int block, int fromRow, int toRow) {
  public int samples() {
    return toRow - fromRow;
  }
}
