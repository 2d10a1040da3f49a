// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.show;

import java.util.List;

/**
 * The meaning of the colours of a sheet.
 *
 * @param entries in the order of display
 */
public record Legend(List<Entry> entries) {
  public Legend {
    entries = List.copyOf(entries);
  }

  /**
   * A colour's meaning.
   *
   * @param rgb red x 65536 + green x 256 + blue
   */
  public record Entry(String name, int rgb) {}
}
