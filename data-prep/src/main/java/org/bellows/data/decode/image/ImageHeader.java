// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.decode.image;

import org.bellows.data.shard.Encoding;

/**
 * The properties of a picture according to its file, once its structure was checked.
 *
 * @param storedHeight rows as stored, before the EXIF orientation
 * @param storedWidth columns as stored
 */
public record ImageHeader(
    Encoding encoding, int storedHeight, int storedWidth, Orientation orientation) {
  /** Rows as displayed. */
  public int height() {
    return orientation.swapsSides() ? storedWidth : storedHeight;
  }

  /** Columns as displayed. */
  public int width() {
    return orientation.swapsSides() ? storedHeight : storedWidth;
  }
}
