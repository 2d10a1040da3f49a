// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.watch.mlflow;

/** The server did not do what it was asked to, for a reason that a person can read. */
final class MlflowException extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;

  MlflowException(String message, int status, Throwable cause) {
    super(message, cause);
    this.status = status;
  }

  /** HTTP status, 0 if the server did not answer. */
  int status() {
    return status;
  }
}
