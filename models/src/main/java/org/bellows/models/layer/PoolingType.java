// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.layer;

import java.util.Locale;

/** How a pool reduces the values in its window. */
public enum PoolingType {
  /** The largest. */
  MAX,
  /** The mean of those that are not padding. */
  AVG;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
