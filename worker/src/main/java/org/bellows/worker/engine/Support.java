// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine;

/**
 * Whether an engine can compute a network in this process.
 *
 * @param isAvailable whether it can
 * @param reason why not, as a sentence; empty where it can
 */
public record Support(boolean isAvailable, String reason) {
  /** It can. */
  public static Support yes() {
    return new Support(true, "");
  }

  /**
   * @param reason why it cannot: which vertex, library or device
   */
  public static Support no(String reason) {
    return new Support(false, reason);
  }
}
