// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.shard;

import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.BellowsException;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.manifest.Shard;
import org.bellows.data.manifest.Split;

/**
 * One split of a dataset: which shard holds which block, and which sample ids. Immutable; threads
 * share it, each with its own {@link #openBlocks() block reader}.
 */
public final class DatasetReader {
  private final Configuration hadoop;
  private final String dataPath;
  private final Split split;
  private final int classes;
  private final boolean isMultiLabel;
  private final BlockCache cache;
  private final List<Integer> blockSamples;
  private final int[] shardOfBlock;
  private final int[] blockInShard;

  /** First sample id of each block, and at the end the number of samples. */
  private final long[] firstIds;

  /**
   * @throws BellowsException (data) when there is no such split or the manifest contradicts itself
   */
  public DatasetReader(
      Configuration hadoop, String dataPath, DatasetManifest manifest, String splitName) {
    this(hadoop, dataPath, manifest, splitName, BlockCache.none());
  }

  /**
   * @param cache for remote blocks; stays the caller's to close
   */
  public DatasetReader(
      Configuration hadoop,
      String dataPath,
      DatasetManifest manifest,
      String splitName,
      BlockCache cache) {
    this.cache = cache;
    this.hadoop = hadoop;
    this.dataPath = dataPath;
    this.split = manifest.split(splitName);
    this.classes = manifest.classes().size();
    this.isMultiLabel = manifest.multiLabel();
    this.blockSamples = split.blockSamples();
    this.shardOfBlock = new int[blockSamples.size()];
    this.blockInShard = new int[blockSamples.size()];
    this.firstIds = new long[blockSamples.size() + 1];
    int block = 0;
    for (int shard = 0; shard < split.shards().size(); shard++) {
      List<Integer> blocks = split.shards().get(shard).blockSamples();
      for (int inShard = 0; inShard < blocks.size(); inShard++, block++) {
        shardOfBlock[block] = shard;
        blockInShard[block] = inShard;
        firstIds[block + 1] = firstIds[block] + blocks.get(inShard);
      }
    }
    if (firstIds[block] != split.samples()) {
      throw BellowsException.data(
          "the manifest of %s says that split %s has %d samples, but its blocks hold %d"
              .formatted(dataPath, splitName, split.samples(), firstIds[block]));
    }
  }

  public Split split() {
    return split;
  }

  /** How many classes the dataset has; labels are 0 .. classes-1. 0: its samples have no label. */
  public int classes() {
    return classes;
  }

  /** Whether a sample has any number of classes. */
  public boolean isMultiLabel() {
    return isMultiLabel;
  }

  public long samples() {
    return split.samples();
  }

  public int blocks() {
    return shardOfBlock.length;
  }

  /** Rows of each block of the split, in shard order: what the sample order is made from. */
  public List<Integer> blockSamples() {
    return blockSamples;
  }

  /** Id of the first sample of the block. */
  public long firstSampleId(int block) {
    return firstIds[block];
  }

  /** The block that holds the sample. */
  public int blockOf(long sampleId) {
    if (sampleId < 0 || sampleId >= split.samples()) {
      throw new IllegalArgumentException(
          "sample " + sampleId + " is not one of 0 to " + (split.samples() - 1));
    }
    int low = 0;
    int high = blocks() - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (firstIds[middle] <= sampleId) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /** A reader of this dataset's files for one thread. */
  public BlockReader openBlocks() {
    return new BlockReader(hadoop, dataPath, cache);
  }

  /**
   * @param block index over all blocks of the split
   * @return its samples in row order
   * @throws BellowsException (data) naming the shard when it cannot be read
   */
  public List<EncodedSample> read(BlockReader reader, int block) {
    Shard shard = split.shards().get(shardOfBlock[block]);
    List<EncodedSample> samples = reader.read(shard, blockInShard[block], firstIds[block]);
    for (EncodedSample sample : samples) {
      requireLabel(shard, sample);
    }
    return samples;
  }

  private void requireLabel(Shard shard, EncodedSample sample) {
    if ((sample.labels() != null) != isMultiLabel) {
      throw BellowsException.data(
          "shard %s of %s %s lists of labels, but the manifest says that a sample has %s"
              .formatted(
                  shard.path(),
                  dataPath,
                  isMultiLabel ? "has no" : "has",
                  isMultiLabel ? "any number of classes" : "one class"));
    }
    if (isMultiLabel) {
      requireLabels(shard, sample.labels());
    } else {
      requireLabel(shard, sample.label());
    }
  }

  private void requireLabels(Shard shard, int[] labels) {
    int last = -1;
    for (int label : labels) {
      if (label <= last || label >= classes) {
        throw BellowsException.data(
            "shard %s of %s holds the labels %s, allowed: rising numbers of 0 to %d"
                .formatted(shard.path(), dataPath, Arrays.toString(labels), classes - 1));
      }
      last = label;
    }
  }

  private void requireLabel(Shard shard, int label) {
    boolean isClass = label >= 0 && label < classes;
    boolean isNone = classes == 0 && label == EncodedSample.NO_LABEL;
    if (!isClass && !isNone) {
      throw BellowsException.data(
          "shard %s of %s holds the label %d, allowed: %s"
              .formatted(
                  shard.path(),
                  dataPath,
                  label,
                  classes == 0 ? EncodedSample.NO_LABEL : "0 to " + (classes - 1)));
    }
  }
}
