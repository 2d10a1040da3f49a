// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.job;

import java.util.Map;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;

/** Some of what was asked for could not be done for its data; the rest was done and is kept. */
public final class PartialFailureException extends BellowsException {
  private static final long serialVersionUID = 1L;

  private final transient Map<String, Object> metrics;

  /**
   * @param metrics of the finished part, for result.json
   */
  public PartialFailureException(String message, Map<String, Object> metrics) {
    super(ErrorCategory.DATA, message, null);
    this.metrics = metrics;
  }

  Map<String, Object> metrics() {
    return metrics;
  }
}
