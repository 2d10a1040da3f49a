// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.network;

import java.util.Optional;

/**
 * The heights and widths that an architecture can take: smallest + k * step pixels, k = 0, 1, ...
 *
 * @param smallest in pixels
 * @param step in pixels
 */
public record AllowedSides(int smallest, int step) {

  /** Every side from a smallest one on. */
  public static AllowedSides from(int smallest) {
    return new AllowedSides(smallest, 1);
  }

  /**
   * What an image's sides ought to be.
   *
   * @return "of at least 63 pixels" or "such as 556 or 572 pixels"; empty where both sides are
   *     allowed
   */
  public Optional<String> needed(int height, int width) {
    if (Math.min(height, width) < smallest) {
      return Optional.of("of at least %d pixels".formatted(smallest));
    }
    if (isOnStep(height) && isOnStep(width)) {
      return Optional.empty();
    }
    int side = isOnStep(height) ? width : height;
    int below = side - (side - smallest) % step;
    return Optional.of("such as %d or %d pixels".formatted(below, below + step));
  }

  /** The smallest allowed side that is not smaller than this one. */
  public int atLeast(int side) {
    int above = Math.max(0, side - smallest);
    return smallest + (above + step - 1) / step * step;
  }

  private boolean isOnStep(int side) {
    return (side - smallest) % step == 0;
  }
}
