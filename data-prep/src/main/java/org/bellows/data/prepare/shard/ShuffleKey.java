// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.shard;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.stream.Collectors;
import org.bellows.data.prepare.source.part.ItemContent.EncodedBytes;
import org.bellows.data.prepare.source.part.ItemContent.FileRange;
import org.bellows.data.prepare.source.part.SourceItem;
import org.bellows.data.prepare.source.part.SourceMask;
import org.bellows.data.storage.Sha256;

/**
 * An item's place in the one global shuffle.
 *
 * @param partition that writes its shard
 * @param hash of (prepare.seed, path)
 * @param path and what follows: only to have one order where hashes or even paths are the same.
 *     Items that agree in all of it are the same, and their order says nothing
 * @param label or why the item is refused
 * @param mask paths of the masks, or empty
 * @param file that the content is a part of, or empty
 * @param offset of the content in its file
 * @param content digest of what the item carries, or 0
 */
record ShuffleKey(
    int partition,
    long hash,
    String path,
    String label,
    String mask,
    String file,
    long offset,
    long content)
    implements Serializable {
  /** The order inside a shard. */
  static final Comparator<ShuffleKey> ORDER =
      Comparator.comparingLong(ShuffleKey::hash)
          .thenComparing(ShuffleKey::path, SourceItem.BYTE_ORDER)
          .thenComparing(ShuffleKey::label)
          .thenComparingLong(ShuffleKey::offset)
          .thenComparing(ShuffleKey::mask, SourceItem.BYTE_ORDER)
          .thenComparing(ShuffleKey::file, SourceItem.BYTE_ORDER)
          .thenComparingLong(ShuffleKey::content);

  static ShuffleKey of(int partition, long hash, SourceItem item) {
    FileRange range = item.content() instanceof FileRange part ? part : null;
    return new ShuffleKey(
        partition,
        hash,
        item.path(),
        label(item),
        item.masks().stream().map(SourceMask::name).collect(Collectors.joining("\n")),
        range == null ? "" : range.file(),
        range == null ? 0 : range.offset(),
        item.content() instanceof EncodedBytes encoded ? digest(encoded.bytes()) : 0);
  }

  private static String label(SourceItem item) {
    if (item.refusal() != null) {
      return item.refusal().reason();
    }
    return item.label() == null ? "" : item.label();
  }

  /** The first eight bytes of its SHA-256. */
  private static long digest(byte[] bytes) {
    return ByteBuffer.wrap(Sha256.digest().digest(bytes)).getLong();
  }

  /** {@link #ORDER}, as Spark ships it. */
  static final class Order implements Comparator<ShuffleKey>, Serializable {
    private static final long serialVersionUID = 1L;

    @Override
    public int compare(ShuffleKey a, ShuffleKey b) {
      return ORDER.compare(a, b);
    }
  }
}
