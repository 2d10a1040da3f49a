// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.listing;

import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.Settings;
import org.bellows.data.TestSettings;
import org.bellows.data.prepare.source.Sources;
import org.bellows.data.prepare.source.SplitRules;
import org.bellows.data.prepare.source.part.Source;
import org.bellows.data.prepare.source.part.SourceItem;

/** Lists sources in this process. */
public final class TestListing {
  private TestListing() {}

  public static Source find(String... assignments) {
    Settings settings = TestSettings.of(assignments);
    return SplitRules.of(
        Sources.find(new Configuration(), settings.source()),
        settings.source(),
        settings.prepare());
  }

  /** As prediction reads it. */
  public static Source findWithoutLabels(String... assignments) {
    Settings settings = TestSettings.of(assignments);
    return Sources.find(new Configuration(), settings.source().withoutLabels());
  }

  /** All items in the order of the parts; what is wrong is thrown as the driver would. */
  public static List<SourceItem> items(Source source) {
    return items(source, new Configuration());
  }

  public static List<SourceItem> items(Source source, Configuration hadoop) {
    List<SourceItem> items = new ArrayList<>();
    ListingCounts listing = new ListingCounts();
    try (ListedItems listed = new ListedItems(hadoop, source.parts().iterator(), true)) {
      while (listed.hasNext()) {
        ListingResult next = listed.next();
        listing.add(next);
        if (next.item() != null) {
          items.add(next.item());
        }
      }
    }
    listing.requireSound(source);
    listing.classes(source);
    return items;
  }

  /** A line an item: its split, path, and label or why it is refused. */
  public static List<String> lines(Source source) {
    return items(source).stream()
        .map(
            item ->
                "%s %s %s"
                    .formatted(
                        item.split(),
                        item.path(),
                        item.refusal() == null ? item.label() : item.refusal().reason()))
        .toList();
  }

  public static ListingCounts listing(Source source) {
    ListingCounts listing = new ListingCounts();
    try (ListedItems listed =
        new ListedItems(new Configuration(), source.parts().iterator(), false)) {
      while (listed.hasNext()) {
        listing.add(listed.next());
      }
    }
    return listing;
  }

  public static List<String> classes(Source source) {
    return listing(source).classes(source).names();
  }
}
