// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf;

/** Whose move it is when something went wrong; decides the exit code. */
@PublicApi
public enum ErrorCategory {
  /** Exit code 1: none of the others, such as a step that is not finite, or a fault of Bellows. */
  INTERNAL(1),
  /** Exit code 2: the command line or the configuration; nothing was begun. */
  CONFIGURATION(2),
  /** Exit code 3: files that are missing, damaged or not what they should be. */
  DATA(3),
  /** Exit code 4: executors, disks, network, HDFS; the same command may succeed when run again. */
  INFRASTRUCTURE(4);

  private final int exitCode;

  ErrorCategory(int exitCode) {
    this.exitCode = exitCode;
  }

  public int exitCode() {
    return exitCode;
  }
}
