// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Locale;
import java.util.Map;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;

/** The content of {@code result.json}; programs rely on it. */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record RunResult(
    String status,
    String command,
    Map<String, Object> metrics,
    Failure error,
    String bellowsVersion,
    String finishedAt,
    double seconds) {

  /**
   * @param category user-facing: configuration, data, infrastructure or internal
   */
  public record Failure(String category, String message) {
    public static Failure of(Throwable failure) {
      ErrorCategory category =
          failure instanceof BellowsException known ? known.category() : ErrorCategory.INTERNAL;
      String message =
          failure instanceof BellowsException ? failure.getMessage() : failure.toString();
      return new Failure(category.name().toLowerCase(Locale.ROOT), message);
    }
  }
}
