package org.bellows.worker.collective;

import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;

/**
 * Another rank is not there, does not answer, or this one was told to stop waiting. What happened
 * there, not here, is the cause.
 */
public final class LostPeerException extends BellowsException {
  private static final long serialVersionUID = 1L;

  LostPeerException(String message, Throwable cause) {
    super(ErrorCategory.INFRASTRUCTURE, message, cause);
  }
}
