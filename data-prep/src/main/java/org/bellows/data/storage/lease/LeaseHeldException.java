// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.storage.lease;

import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;

/** Another process holds the lease and is alive; nothing was done. */
public final class LeaseHeldException extends BellowsException {
  private static final long serialVersionUID = 1L;

  private final String host;

  LeaseHeldException(String message, String host) {
    super(ErrorCategory.INFRASTRUCTURE, message, null);
    this.host = host;
  }

  /** Where the other process runs; "unknown" if that is not known. */
  public String host() {
    return host;
  }
}
