// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.device;

import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;

/** The machine has not the GPU that the run needs; another attempt would find the same. */
public final class UnusableDeviceException extends BellowsException {
  private static final long serialVersionUID = 1L;

  public UnusableDeviceException(String message, Throwable cause) {
    super(ErrorCategory.INFRASTRUCTURE, message, cause);
  }
}
