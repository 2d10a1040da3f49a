// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.listing;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.bellows.data.prepare.source.part.ItemContent.EncodedBytes;
import org.bellows.data.prepare.source.part.SourceItem;
import org.bellows.data.prepare.source.part.SourceMask;
import org.bellows.data.storage.Sha256;

/**
 * A digest of a set of items that does not depend on who listed which of them and in what order:
 * the sum modulo 2^256 of the items' SHA-256 (Clarke et al., "Incremental Multiset Hash Functions
 * and Their Application to Memory Integrity Checking", ASIACRYPT 2003, MSet-Add-Hash without its
 * key: it is to notice a change, not an adversary). Times of change do not count: copying changes
 * them.
 */
final class ListingDigest implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The sum, least significant word first. */
  private final long[] words = new long[4];

  /** Of an item of a folder or file, whose masks move with the source. */
  void add(SourceItem item) {
    add(item, joined(item.masks(), "/", ListingDigest::lastName));
  }

  /** Of a row, which may name masks anywhere. */
  void addRow(SourceItem item) {
    add(item, joined(item.masks(), "\n", SourceMask::name));
  }

  private void add(SourceItem item, String masks) {
    MessageDigest digest = Sha256.digest();
    add(digest, item.split());
    add(digest, item.path());
    add(digest, Long.toString(item.bytes()));
    add(digest, String.valueOf(item.label()));
    add(digest, masks);
    add(digest, item.refusal() == null ? "" : item.refusal().toString());
    if (item.content() instanceof EncodedBytes carried) {
      // Rows of tables alone are listed with what they carry.
      digest.update(Sha256.digest().digest(carried.bytes()));
    }
    ByteBuffer sum = ByteBuffer.wrap(digest.digest());
    long[] added = new long[words.length];
    for (int i = words.length - 1; i >= 0; i--) {
      added[i] = sum.getLong();
    }
    add(added);
  }

  private static String joined(
      List<SourceMask> masks, String separator, Function<SourceMask, String> name) {
    return masks.stream()
        .map(mask -> mask.isMeasured() ? name.apply(mask) + "=" + mask.bytes() : name.apply(mask))
        .collect(Collectors.joining(separator));
  }

  private static String lastName(SourceMask mask) {
    return mask.name().substring(mask.name().lastIndexOf('/') + 1);
  }

  void add(ListingDigest other) {
    add(other.words);
  }

  String hex() {
    ByteBuffer bytes = ByteBuffer.allocate(words.length * Long.BYTES);
    for (int i = words.length - 1; i >= 0; i--) {
      bytes.putLong(words[i]);
    }
    return Sha256.hex(bytes.array());
  }

  private void add(long[] added) {
    long carry = 0;
    for (int i = 0; i < words.length; i++) {
      long sum = words[i] + added[i];
      long overflow = Long.compareUnsigned(sum, words[i]) < 0 ? 1 : 0;
      words[i] = sum + carry;
      carry = overflow + (carry != 0 && words[i] == 0 ? 1 : 0);
    }
  }

  /** A zero byte after each text: it occurs in no file name. */
  private static void add(MessageDigest digest, String text) {
    digest.update(text.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
  }
}
