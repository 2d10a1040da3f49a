// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare;

import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.bellows.conf.Settings;
import org.bellows.conf.SourceSettings;
import org.bellows.data.prepare.listing.ListingCounts;
import org.bellows.data.prepare.mask.MaskRules;
import org.bellows.data.prepare.mask.MaskRulesReader;
import org.bellows.data.prepare.source.part.Source;

/**
 * The content of a source, and its meaning.
 *
 * @param masks the meaning of its masks, if it has some
 */
record Contents(Source source, ListingCounts listing, MaskRules masks) {
  /**
   * @throws org.bellows.conf.BellowsException (data) when what lies beside the data contradicts it
   */
  static Contents of(
      Configuration hadoop, SourceSettings settings, Source source, ListingCounts listing) {
    List<String> listed = listing.isUnlabelled() ? source.classes().names() : List.of();
    return new Contents(source, listing, rules(hadoop, settings, source, listed));
  }

  /**
   * @param listed names of the source's list of classes, where they are of pixels
   */
  static MaskRules rules(
      Configuration hadoop, SourceSettings settings, Source source, List<String> listed) {
    Path root = new Path(source.root());
    Path folder =
        switch (source.format()) {
          case CSV, JSONL -> root.getParent();
          default -> root;
        };
    return MaskRulesReader.read(hadoop, settings, folder, listed);
  }

  /** See {@link ListingCounts#fingerprint}. */
  String fingerprint(Settings.Prepare prepare) {
    return listing.fingerprint(source, prepare, listing.hasMasks() ? masks.fingerprint() : "");
  }
}
