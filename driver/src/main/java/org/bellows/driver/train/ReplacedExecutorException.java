// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.train;

import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;

/** Spark gave a task of a segment to an executor without the trainer of the segment before. */
final class ReplacedExecutorException extends BellowsException {
  private static final long serialVersionUID = 1L;

  ReplacedExecutorException() {
    super(
        ErrorCategory.INFRASTRUCTURE,
        "an executor was replaced between segments; all start again from the checkpoint",
        null);
  }
}
