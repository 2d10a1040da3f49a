// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.bellows.data.prepare.folder.ShardRecord;
import org.bellows.data.prepare.source.part.SourceItem.Refusal;

/**
 * The refused images, in numbers.
 *
 * @param images of the source, refused ones too
 * @param kinds how many of each kind; empty when that is not known any more
 * @param first a few of them: path and reason
 */
record Refusals(long refused, long images, Map<String, Long> kinds, List<String> first) {
  private static final int SHOWN = 5;

  /**
   * @param shards in the order in which the first ones are shown
   */
  static Refusals of(List<ShardRecord> shards, long images) {
    Map<String, Long> kinds = new TreeMap<>();
    List<String> first = new ArrayList<>();
    for (ShardRecord shard : shards) {
      shard.refused().forEach((kind, count) -> kinds.merge(kind, count, Long::sum));
      shard.firstRefused().stream().limit(SHOWN - first.size()).forEach(first::add);
    }
    long refused = kinds.values().stream().mapToLong(Long::longValue).sum();
    return new Refusals(refused, images, kinds, first);
  }

  /**
   * @param quarantine the file that names them all
   * @throws BellowsException (data; infrastructure when not one image could be asked for) when
   *     there are more than the fraction allows
   */
  void requireFew(double allowed, String quarantine) {
    if (refused <= allowed * images) {
      return;
    }
    String counts =
        kinds.entrySet().stream()
            .map(kind -> kind.getValue() + " " + kind.getKey())
            .collect(Collectors.joining(", ", " (", ")"));
    String shown = first.isEmpty() ? "" : String.join("; ", first) + "; ";
    // If no address responded for any image, the data is not at fault.
    boolean isNobodyThere = kinds.getOrDefault(Refusal.UNREACHABLE, 0L) == images;
    throw new BellowsException(
        isNobodyThere ? ErrorCategory.INFRASTRUCTURE : ErrorCategory.DATA,
        "%d of %d images are refused%s, more than data.max-bad-fraction = %s allows: %sall of them are listed in %s"
            .formatted(refused, images, kinds.isEmpty() ? "" : counts, allowed, shown, quarantine),
        null);
  }
}
