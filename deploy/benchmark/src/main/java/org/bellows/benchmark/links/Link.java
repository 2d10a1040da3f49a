// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.links;

/**
 * The cable between a host and the switch, the same in both directions.
 *
 * @param megabits a second; 0: as fast as the machine is
 * @param delayMilliseconds from one host to another, which is two cables
 * @param lossPercent of the frames on each cable
 */
record Link(double megabits, double delayMilliseconds, double lossPercent) {
  private static final double BITS = 8;

  static final Link UNLIMITED = new Link(0, 0, 0);

  /** Whether frames have to go through this process, which keeps them for a while or drops them. */
  boolean needsRelay() {
    return delayMilliseconds > 0 || lossPercent > 0;
  }

  /** Seconds that so many bytes take at this rate. */
  double seconds(double bytes) {
    return bytes * BITS / (megabits * 1e6);
  }
}
