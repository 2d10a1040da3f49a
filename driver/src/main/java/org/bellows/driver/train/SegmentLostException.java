// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.train;

import org.bellows.conf.ErrorCategory;

/** A segment that was lost for a reason that may not repeat; the run may continue. */
final class SegmentLostException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCategory category;
  private final boolean hasBegun;

  /**
   * @param category of the run's failure, should it not go on
   */
  SegmentLostException(ErrorCategory category, String message, Throwable cause) {
    this(category, message, cause, true);
  }

  private SegmentLostException(
      ErrorCategory category, String message, Throwable cause, boolean hasBegun) {
    super(message, cause);
    this.category = category;
    this.hasBegun = hasBegun;
  }

  /** By a machine, a disk, a network. */
  static SegmentLostException toMachines(String message, Throwable cause) {
    return new SegmentLostException(ErrorCategory.INFRASTRUCTURE, message, cause);
  }

  /** Likewise, before all ranks had begun. */
  static SegmentLostException beforeItBegan(String message, Throwable cause) {
    return new SegmentLostException(ErrorCategory.INFRASTRUCTURE, message, cause, false);
  }

  ErrorCategory category() {
    return category;
  }

  /** Whether ranks may have taken steps. */
  boolean hasBegun() {
    return hasBegun;
  }
}
