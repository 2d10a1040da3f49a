// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.manifest;

import java.io.Serializable;
import java.util.List;

/**
 * One Parquet file of a split.
 *
 * @param path relative to the dataset's folder
 * @param bytes length of the file
 * @param sha256 of the file, 64 hexadecimal digits in lower case
 * @param blockSamples rows of each block (row group), in file order
 */
public record Shard(String path, long bytes, String sha256, List<Integer> blockSamples)
    implements Serializable {
  public Shard {
    blockSamples = List.copyOf(blockSamples);
  }

  public long samples() {
    return blockSamples.stream().mapToLong(Integer::longValue).sum();
  }
}
