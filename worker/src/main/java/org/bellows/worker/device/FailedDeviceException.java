// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.device;

import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;

/**
 * The GPU failed while this process used it: an error of its hardware, a lost device, an operation
 * that it could not run. CUDA reports the same error to each later call of the process (CUDA C++
 * Programming Guide, "Error Checking"; CUDA Runtime API, "cudaErrorIllegalAddress"), so that
 * another attempt needs another process.
 */
public final class FailedDeviceException extends BellowsException {
  private static final long serialVersionUID = 1L;

  public FailedDeviceException(String message, Throwable cause) {
    super(ErrorCategory.INFRASTRUCTURE, message, cause);
  }
}
