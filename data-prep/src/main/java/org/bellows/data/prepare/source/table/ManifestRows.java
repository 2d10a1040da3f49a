// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.source.table;

import java.io.Closeable;
import java.io.IOException;

/**
 * The rows of a manifest in order. Several parts read the same manifest, each understands its share
 * of the rows only. To be closed.
 */
interface ManifestRows extends Closeable {
  /**
   * A row as it is in the file.
   *
   * @param number from 1; in CSV empty rows and the header count
   * @param text null when there is a problem
   * @param problem null, or why it cannot be read, as a predicate
   */
  record Text(long number, String text, String problem) {}

  /** The next row that is not empty, or null at the end. */
  Text next() throws IOException;

  ManifestRow parse(Text row) throws IOException;

  /** Whether no row can have a value of this name: there is no such column. */
  default boolean lacks(String column) {
    return false;
  }
}
