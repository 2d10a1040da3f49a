// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.collective;

import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;

/**
 * Another rank is not connected, does not respond, or this one was told to stop waiting. The cause
 * is a failure there, not here.
 */
public final class PeerLostException extends BellowsException {
  private static final long serialVersionUID = 1L;

  private final boolean silent;

  public PeerLostException(String message, Throwable cause) {
    this(message, cause, false);
  }

  private PeerLostException(String message, Throwable cause, boolean silent) {
    super(ErrorCategory.INFRASTRUCTURE, message, cause);
    this.silent = silent;
  }

  /** It was waited for as long as is allowed. */
  public static PeerLostException silent(String message, Throwable cause) {
    return new PeerLostException(message, cause, true);
  }

  /** Otherwise its end was noticed, which also follows when it has waited in vain itself. */
  public boolean isSilent() {
    return silent;
  }
}
