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
 * @param name the path of its file, or of the archive and the entry in it; of a mask that a row
 *     holds the SHA-256 of its bytes
 * @param content null when it was not asked for
 */
public record SourceMask(String name, ItemContent content) implements Serializable {
  public static SourceMask file(String path) {
    return new SourceMask(path, new WholeFile(path));
  }

  /** A mask that has no name of its own. */
  public static SourceMask unnamed(byte[] encoded) {
    return new SourceMask(Sha256.of(encoded), new EncodedBytes(encoded));
  }
}
