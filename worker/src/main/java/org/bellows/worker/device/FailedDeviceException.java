// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.device;

import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;

/**
 * The GPU failed while this process used it: an error of its hardware, a lost device, an operation
 * that it could not run. Another attempt needs another process: CUDA documents so of illegal
 * accesses and failed launches (CUDA Runtime API, "cudaErrorIllegalAddress",
 * "cudaErrorLaunchFailure"); of the others it is assumed.
 */
public final class FailedDeviceException extends BellowsException {
  private static final long serialVersionUID = 1L;

  public FailedDeviceException(String message, Throwable cause) {
    super(ErrorCategory.INFRASTRUCTURE, message, cause);
  }
}
