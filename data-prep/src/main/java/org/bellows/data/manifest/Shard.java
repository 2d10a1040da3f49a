// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.manifest;

import java.io.Serializable;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

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
  /** The folder of shards, from the dataset's folder on. */
  public static final String PLACE = "shards";

  private static final Pattern OF_WRITER = Pattern.compile(PLACE + "/[0-9a-f]{16}(/[^/]+)");

  public Shard {
    blockSamples = List.copyOf(blockSamples);
  }

  /**
   * The folder of a writer's shards in a store where they cannot be moved when all are there.
   *
   * @param writer 16 digits in base 16 that tell it from writers of other data or settings
   */
  public static String place(String writer) {
    return PLACE + "/" + writer;
  }

  /**
   * The shard as another writer, or a file system, would have it: the content alone is the data.
   */
  Shard ofAnyWriter() {
    Matcher inFolder = OF_WRITER.matcher(path);
    return inFolder.matches()
        ? new Shard(PLACE + inFolder.group(1), bytes, sha256, blockSamples)
        : this;
  }

  public long samples() {
    return blockSamples.stream().mapToLong(Integer::longValue).sum();
  }
}
