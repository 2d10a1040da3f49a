// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.storage;

import org.bellows.conf.BellowsException;

/**
 * The versions of a file's format that this build reads. The oldest one is that of the first
 * release until docs/reliability.md says otherwise.
 *
 * @param oldest the oldest that is read
 * @param written the newest that is read, and the one that is written
 */
public record FormatVersion(int oldest, int written) {
  public FormatVersion {
    if (oldest < 1 || oldest > written) {
      throw new IllegalArgumentException(
          "format versions from %d to %d".formatted(oldest, written));
    }
  }

  public boolean reads(int version) {
    return version >= oldest && version <= written;
  }

  /**
   * @param file names it in the message
   * @throws BellowsException (data) when it has a version that this build does not read
   */
  public void require(Object file, int version) {
    if (!reads(version)) {
      throw BellowsException.data(
          "%s has format version %d, expected %s".formatted(file, version, this));
    }
  }

  @Override
  public String toString() {
    return oldest == written ? Integer.toString(written) : oldest + " to " + written;
  }
}
