// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.part;

import java.io.Serializable;
import org.bellows.data.prepare.source.part.ItemContent.EncodedBytes;
import org.bellows.data.prepare.source.part.ItemContent.WholeFile;
import org.bellows.data.storage.Sha256;

/**
 * A mask of an image.
 *
 * <p>A file's mask is known by its path alone; datasets of such masks are older than lengths.
 *
 * @param name the path of its file, or of the archive and the entry in it; of a mask that a row
 *     holds the SHA-256 of its bytes
 * @param content null when it was not asked for
 * @param bytes by which a listing notices that it has changed: its length; of a table that is not
 *     read while listing the length of all masks of its row group; negative: no part of a listing
 */
public record SourceMask(String name, ItemContent content, long bytes) implements Serializable {
  private static final long NO_PART = -1;

  public static SourceMask file(String path) {
    return new SourceMask(path, new WholeFile(path), NO_PART);
  }

  /** Whether its length is a part of a listing. */
  public boolean isMeasured() {
    return bytes >= 0;
  }

  /** A mask that has no name of its own. */
  public static SourceMask unnamed(byte[] encoded) {
    return new SourceMask(Sha256.of(encoded), new EncodedBytes(encoded), NO_PART);
  }
}
