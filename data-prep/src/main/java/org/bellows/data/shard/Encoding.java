// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.shard;

import java.util.Locale;

/** How the bytes of a sample's image are to be read. */
public enum Encoding {
  JPEG,
  PNG,
  /** Height x width x channels unsigned bytes, row-major, channels last. */
  RAW8;

  public String columnValue() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * @throws IllegalArgumentException for a value that no shard of this format holds
   */
  public static Encoding ofColumnValue(String value) {
    return valueOf(value.toUpperCase(Locale.ROOT));
  }
}
