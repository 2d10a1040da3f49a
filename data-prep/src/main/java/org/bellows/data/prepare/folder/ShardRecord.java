// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.folder;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bellows.conf.BellowsException;
import org.bellows.data.manifest.LabelPixels;
import org.bellows.data.manifest.Shard;
import org.bellows.data.manifest.Split;
import org.bellows.data.statistics.MaskLabelHistogram;

/**
 * The record of a written shard: enough to make the manifest without writing the shard again.
 *
 * @param name without ending
 * @param shard under its final path; null when every item was refused; there is no file then
 * @param items written and refused
 * @param itemBytes of the items, as listed
 * @param imageBytes of the images, as stored
 * @param moments of the images
 * @param labelPixels of their label maps
 * @param refused how many of each kind
 * @param firstRefused a few of them: path and reason
 * @param quarantine null when nothing was refused
 */
public record ShardRecord(
    String name,
    Shard shard,
    long items,
    long itemBytes,
    long imageBytes,
    PixelMoments.State moments,
    List<LabelPixels> labelPixels,
    Map<String, Long> refused,
    List<String> firstRefused,
    WrittenFile quarantine)
    implements Serializable {

  /** Its length and SHA-256. */
  public record WrittenFile(long bytes, String sha256) implements Serializable {}

  /** Whether everything needed to resume is there and makes sense. */
  boolean lacksNothing() {
    boolean hasShard =
        shard == null
            || (shard.path() != null
                && shard.sha256() != null
                && shard.blockSamples().stream().allMatch(samples -> samples > 0));
    boolean hasQuarantine = quarantine == null || quarantine.sha256() != null;
    return name != null
        && hasShard
        && hasQuarantine
        && (shard == null || (moments != null && moments.lacksNothing()))
        && labelPixels != null
        && !labelPixels.contains(null)
        && refused != null
        && !refused.containsValue(null)
        && firstRefused != null
        && !firstRefused.contains(null)
        && Math.min(items, Math.min(itemBytes, imageBytes)) >= 0;
  }

  /**
   * A split from its shards. Moments are added in the order of the shards: floating-point sums
   * depend on it.
   *
   * @throws BellowsException (data) when nothing is left of the split
   */
  public static Split split(String name, int channels, List<ShardRecord> records) {
    PixelMoments moments = new PixelMoments(channels);
    MaskLabelHistogram masks = new MaskLabelHistogram();
    List<Shard> shards = new ArrayList<>();
    long bytes = 0;
    for (ShardRecord record : records) {
      if (record.shard() != null) {
        moments.add(new PixelMoments(record.moments()));
        bytes += record.imageBytes();
        masks.addAll(record.labelPixels());
        shards.add(record.shard());
      }
    }
    if (shards.isEmpty()) {
      long items = records.stream().mapToLong(ShardRecord::items).sum();
      throw BellowsException.data("all %d images of split %s were refused".formatted(items, name));
    }
    return new Split(
        name,
        shards.stream().mapToLong(Shard::samples).sum(),
        bytes,
        List.of(moments.mean()),
        List.of(moments.standardDeviation()),
        shards,
        masks.labelPixels());
  }
}
