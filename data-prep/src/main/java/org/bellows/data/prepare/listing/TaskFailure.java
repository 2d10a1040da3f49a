// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.prepare.listing;

import java.io.Serializable;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;

/**
 * A failure of a task that another try would not mend. It comes back as a value: thrown, Spark
 * would try again and hand the driver a stack trace in place of a sentence.
 */
public record TaskFailure(ErrorCategory category, String message) implements Serializable {
  /**
   * @throws BellowsException the failure itself where another executor may have more luck
   */
  public static TaskFailure of(BellowsException failure) {
    if (failure.category() == ErrorCategory.INFRASTRUCTURE) {
      throw failure;
    }
    return new TaskFailure(failure.category(), failure.getMessage());
  }

  public BellowsException exception() {
    return new BellowsException(category, message, null);
  }
}
