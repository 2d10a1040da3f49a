// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf;

/** Whose move it is when something went wrong; decides the exit code. */
@PublicApi
public enum ErrorCategory {
  INTERNAL(1),
  CONFIGURATION(2),
  DATA(3),
  INFRASTRUCTURE(4);

  private final int exitCode;

  ErrorCategory(int exitCode) {
    this.exitCode = exitCode;
  }

  public int exitCode() {
    return exitCode;
  }
}
