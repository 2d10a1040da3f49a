// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf;

import org.bellows.conf.text.PrintableText;

/**
 * A failure that was understood: one sentence for a person (what, where, expected, actual) and the
 * category that decides the exit code.
 */
@PublicApi
public class BellowsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCategory category;

  /**
   * @param message may hold names from outside; it is kept as {@link PrintableText#text} has it,
   *     since it ends on terminals, in logs and in files
   */
  public BellowsException(ErrorCategory category, String message, Throwable cause) {
    super(PrintableText.text(message), cause);
    this.category = category;
  }

  public static BellowsException configuration(String message) {
    return new BellowsException(ErrorCategory.CONFIGURATION, message, null);
  }

  /**
   * Bad input data: a missing path, a broken file, a dataset that is not what its manifest says.
   */
  public static BellowsException data(String message) {
    return new BellowsException(ErrorCategory.DATA, message, null);
  }

  public static BellowsException data(String message, Throwable cause) {
    return new BellowsException(ErrorCategory.DATA, message, cause);
  }

  /** The machine let us down: disk full, executors lost, a peer that does not answer. */
  public static BellowsException infrastructure(String message) {
    return new BellowsException(ErrorCategory.INFRASTRUCTURE, message, null);
  }

  public static BellowsException infrastructure(String message, Throwable cause) {
    return new BellowsException(ErrorCategory.INFRASTRUCTURE, message, cause);
  }

  public ErrorCategory category() {
    return category;
  }
}
