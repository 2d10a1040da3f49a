// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.listing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.bellows.data.prepare.source.part.SourceItem;
import org.bellows.data.prepare.source.part.SourceMask;
import org.bellows.data.random.SampleRandom;
import org.junit.jupiter.api.Test;

class ListingDigestTest {
  @Test
  void theDigestOfAListingKnowsNoOrder() {
    List<SourceItem> items = items(200);
    String digest = digest(items, 1);
    Collections.reverse(items);
    assertThat(digest(items, 7)).isEqualTo(digest);
    SourceItem first = items.get(0);
    items.set(0, SourceItem.of("train", first.path(), first.label(), first.bytes() + 1, null));
    assertThat(digest(items, 1)).isNotEqualTo(digest);
    // Two changes that a plain exclusive or would not see.
    items.set(0, first);
    items.add(first);
    items.add(first);
    assertThat(digest(items, 1)).isNotEqualTo(digest);
  }

  /** Of a file's mask the name alone, as ever. */
  @Test
  void theLengthOfAMaskIsAPartOfItWhereItIsKnown() {
    assertThat(digest(SourceMask.file("a/1.png"))).isEqualTo(digest(SourceMask.file("b/1.png")));
    assertThat(digest(new SourceMask("1.png", null, 7)))
        .isNotEqualTo(digest(new SourceMask("1.png", null, 8)))
        .isNotEqualTo(digest(SourceMask.file("1.png")));
  }

  private static String digest(SourceMask mask) {
    SourceItem item = SourceItem.of("train", "train/a/1.jpg", "a", 100, null);
    return digest(List.of(item.withMasks(List.of(mask))), 1);
  }

  private static String digest(List<SourceItem> items, int parts) {
    ListingDigest all = new ListingDigest();
    for (int part = 0; part < parts; part++) {
      ListingDigest one = new ListingDigest();
      for (int i = part; i < items.size(); i += parts) {
        one.add(items.get(i));
      }
      all.add(one);
    }
    return all.hex();
  }

  private static List<SourceItem> items(int count) {
    SampleRandom random = new SampleRandom(3);
    List<SourceItem> items = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      items.add(
          SourceItem.of("train", "train/a/" + random.nextLong() + ".jpg", "a", 100 + i, null));
    }
    return items;
  }
}
