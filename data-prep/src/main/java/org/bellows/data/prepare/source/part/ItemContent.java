// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.part;

import java.io.Serializable;
import org.apache.hadoop.fs.FileStatus;

/** Where an image's bytes are to be had, or the bytes themselves. */
public sealed interface ItemContent extends Serializable {
  /** Most of one image: it is in memory whole, and in one Parquet page. */
  long MOST_BYTES = 1L << 28;

  /** What is said of more, as a predicate. */
  String TOO_MANY_BYTES = "has more than the %d bytes that are allowed".formatted(MOST_BYTES);

  /**
   * A file that is an image.
   *
   * @param known null, or what a list said of it ({@link
   *     org.bellows.data.storage.FolderEntry#known})
   */
  record WholeFile(String file, FileStatus known) implements ItemContent {
    /** A file of which nothing is known. */
    public WholeFile(String file) {
      this(file, null);
    }
  }

  /** A stretch of an archive that is an image file. */
  record FileRange(String file, long offset, long bytes) implements ItemContent {}

  /** An image file, read already: its source can only be read from front to back. */
  record EncodedBytes(byte[] bytes) implements ItemContent {}

  /**
   * Pixels, read already.
   *
   * @param interleaved height x width x channels unsigned bytes, row-major, channels last
   */
  record RawPixels(int height, int width, int channels, byte[] interleaved)
      implements ItemContent {}
}
