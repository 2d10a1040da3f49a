// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.bellows.conf.BellowsException;
import org.bellows.conf.Settings;
import org.bellows.conf.SourceSettings;
import org.bellows.data.prepare.source.part.Source;
import org.bellows.data.prepare.source.part.SourceItem;
import org.bellows.data.prepare.source.part.SourcePart;
import org.bellows.data.storage.Sha256;

/**
 * Divides the images of one split among others ({@code prepare.split}). An image's split is a
 * function of its path alone, so that it stays the same whatever else is added, and the images of
 * each class are divided by the same shares. The hash of the path is a number from 0 to 1; the
 * shares, in the order of the splits' names, are stretches of that line.
 *
 * @param divided the split whose images are divided
 * @param shares of the splits that get them; they sum to 1
 */
public record RandomSplit(String divided, SortedMap<String, Double> shares)
    implements Serializable {
  /** Bits of a double's mantissa: so many of the hash are exact. */
  private static final int BITS = 53;

  /** The source with its images divided; the source itself where they are not to be. */
  public static Source of(Source source, SourceSettings asked, Settings.Prepare prepare) {
    SortedMap<String, Double> shares = prepare.split();
    if (shares.isEmpty()) {
      return source;
    }
    RandomSplit division = new RandomSplit(asked.defaultSplit(), shares);
    List<SourcePart> parts =
        source.parts().stream().<SourcePart>map(part -> new DividedPart(part, division)).toList();
    return source.with(parts);
  }

  /** The split of an image that is divided. */
  String splitOf(String path) {
    byte[] hash = Sha256.digest().digest(path.getBytes(StandardCharsets.UTF_8));
    double place = (ByteBuffer.wrap(hash).getLong() >>> (Long.SIZE - BITS)) * 0x1p-53;
    double end = 0;
    for (Map.Entry<String, Double> share : shares.entrySet()) {
      end += share.getValue();
      if (place < end) {
        return share.getKey();
      }
    }
    // Shares of decimals may end a rounding before 1.
    return shares.lastKey();
  }

  /**
   * @throws BellowsException (configuration) when the source has images of its own in a split that
   *     gets some
   */
  SourceItem divided(SourceItem item) {
    if (divided.equals(item.split())) {
      return item.inSplit(splitOf(item.path()));
    }
    if (shares.containsKey(item.split())) {
      throw BellowsException.configuration(
          "prepare.split divides split %s and names %s, but the source has a split %s of its own (%s); leave it out of prepare.split"
              .formatted(divided, item.split(), item.split(), item.path()));
    }
    return item;
  }
}
