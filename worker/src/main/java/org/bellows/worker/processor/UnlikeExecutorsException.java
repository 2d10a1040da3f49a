// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.processor;

import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;

/** Executors that cannot compute one run together; another attempt would find the same. */
public final class UnlikeExecutorsException extends BellowsException {
  private static final long serialVersionUID = 1L;

  UnlikeExecutorsException(ErrorCategory category, String message) {
    super(category, message, null);
  }
}
