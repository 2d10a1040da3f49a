// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.bellows.conf.BellowsException;
import org.bellows.conf.Settings;
import org.bellows.conf.SourceSettings;
import org.bellows.conf.text.Words;
import org.bellows.data.prepare.source.part.Source;
import org.bellows.data.prepare.source.part.SourceItem;
import org.bellows.data.prepare.source.part.SourcePart;
import org.bellows.data.storage.Sha256;

/**
 * Divides the images of one split among others. An image's split is a function of its path alone,
 * so that it stays the same whatever else is added. An image whose path is of an expression ({@code
 * prepare.split-paths}) is in that split. Of the others ({@code prepare.split}) the hash of the
 * path is a number from 0 to 1; the shares, in the order of the splits' names, are stretches of
 * that line, so that the images of each class are divided by the same shares.
 *
 * @param divided the split whose images are divided
 * @param paths by split, regular expressions of whole paths
 * @param shares of the splits that get the others; they sum to 1, or there are none
 */
public record SplitRules(
    String divided, SortedMap<String, Pattern> paths, SortedMap<String, Double> shares)
    implements Serializable {
  /** Bits of a double's mantissa: so many of the hash are exact. */
  private static final int BITS = 53;

  /** The source with its images divided; the source itself where they are not to be. */
  public static Source of(Source source, SourceSettings asked, Settings.Prepare prepare) {
    Optional<SplitRules> rules = of(asked, prepare);
    if (rules.isEmpty()) {
      return source;
    }
    List<SourcePart> parts =
        source.parts().stream()
            .<SourcePart>map(part -> new DividedPart(part, rules.get()))
            .toList();
    return source.with(parts);
  }

  /** Empty where images are not to be divided. */
  public static Optional<SplitRules> of(SourceSettings asked, Settings.Prepare prepare) {
    if (prepare.split().isEmpty() && prepare.splitPaths().isEmpty()) {
      return Optional.empty();
    }
    SortedMap<String, Pattern> paths = new TreeMap<>();
    prepare.splitPaths().forEach((split, path) -> paths.put(split, Pattern.compile(path)));
    return Optional.of(new SplitRules(asked.defaultSplit(), paths, prepare.split()));
  }

  /**
   * The split of an image that is divided.
   *
   * @throws BellowsException (configuration) when its path is of two splits' expressions
   */
  String splitOf(String path) {
    List<String> stated =
        paths.keySet().stream().filter(split -> paths.get(split).matcher(path).matches()).toList();
    if (stated.size() > 1) {
      throw BellowsException.configuration(
          "prepare.split-paths puts %s into the splits %s, expected one"
              .formatted(path, Words.and(stated)));
    }
    return stated.isEmpty() ? splitOfHash(path) : stated.get(0);
  }

  private String splitOfHash(String path) {
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
    return shares.isEmpty() ? divided : shares.lastKey();
  }

  /**
   * @throws BellowsException (configuration) when the source has images of its own in a split that
   *     gets some
   */
  public SourceItem divided(SourceItem item) {
    if (divided.equals(item.split())) {
      return item.inSplit(splitOf(item.path()));
    }
    if (shares.containsKey(item.split()) || paths.containsKey(item.split())) {
      String key = shares.containsKey(item.split()) ? "prepare.split" : "prepare.split-paths";
      throw BellowsException.configuration(
          "%s divides split %s and names %s, but the source has a split %s of its own (%s); leave it out of %s"
              .formatted(key, divided, item.split(), item.split(), item.path(), key));
    }
    return item;
  }
}
