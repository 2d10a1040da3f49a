// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.segment;

/** Where windows along a side begin. */
final class WindowStarts {
  private WindowStarts() {}

  /**
   * 0, step, 2 step, ...; the last window is moved back to end where the side ends.
   *
   * @param side in pixels
   * @param window in pixels; at least 1, not more than the side unless there is only one
   * @param step in pixels, at least 1
   */
  static int[] of(int side, int window, int step) {
    int last = Math.max(0, side - window);
    int[] starts = new int[(last + step - 1) / step + 1];
    for (int i = 0; i < starts.length; i++) {
      starts[i] = Math.min(last, i * step);
    }
    return starts;
  }
}
