// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.manifest;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.io.Serializable;
import java.util.List;

/**
 * One split (train, validation, test, ...), in the order of the one global shuffle.
 *
 * @param samples over all shards
 * @param bytes of the encoded images
 * @param mean of each channel in 0..1 (red, green, blue, or grey alone), each image weighing the
 *     same
 * @param standardDeviation of each channel's pixels about that mean, each image weighing the same
 * @param labelPixels of each label that the label maps hold, by rising label; empty where the
 *     dataset has no pixel classes
 */
public record Split(
    String name,
    long samples,
    long bytes,
    List<Double> mean,
    List<Double> standardDeviation,
    List<Shard> shards,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<LabelPixels> labelPixels)
    implements Serializable {
  public Split {
    mean = List.copyOf(mean);
    standardDeviation = List.copyOf(standardDeviation);
    shards = List.copyOf(shards);
    labelPixels = List.copyOf(labelPixels);
  }

  /** Without label maps. */
  public Split(
      String name,
      long samples,
      long bytes,
      List<Double> mean,
      List<Double> standardDeviation,
      List<Shard> shards) {
    this(name, samples, bytes, mean, standardDeviation, shards, List.of());
  }

  /** The split with the paths that its shards have on a file system. */
  Split ofAnyWriter() {
    List<Shard> same = shards.stream().map(Shard::ofAnyWriter).toList();
    return new Split(name, samples, bytes, mean, standardDeviation, same, labelPixels);
  }

  /** Rows of each block of the whole split, in shard order. */
  public List<Integer> blockSamples() {
    return shards.stream().flatMap(shard -> shard.blockSamples().stream()).toList();
  }
}
