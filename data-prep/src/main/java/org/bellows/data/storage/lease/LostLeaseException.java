// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.storage.lease;

import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;

/** Another process does now what this one did: it must write nothing more. */
public final class LostLeaseException extends BellowsException {
  private static final long serialVersionUID = 1L;

  LostLeaseException(String message) {
    this(message, null);
  }

  LostLeaseException(String message, Throwable cause) {
    super(ErrorCategory.INFRASTRUCTURE, message, cause);
  }
}
