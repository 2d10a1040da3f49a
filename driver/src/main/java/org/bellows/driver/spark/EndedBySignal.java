// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.spark;

import org.apache.hadoop.util.ShutdownHookManager;
import org.bellows.conf.BellowsException;
import org.bellows.data.storage.Storage;

/**
 * The failure of work while this process ends by SIGTERM or SIGINT: Spark and Hadoop's file systems
 * are closed below it, and their exceptions are no fault then.
 */
public final class EndedBySignal {
  private EndedBySignal() {}

  /**
   * @return the failure itself, or while the process ends one sentence (infrastructure) that
   *     contains its reason
   */
  public static Throwable explain(Throwable failure) {
    return explain(failure, isUnderWay());
  }

  /** Whether the process ends. */
  public static boolean isUnderWay() {
    return ShutdownHookManager.get().isShutdownInProgress();
  }

  /**
   * @param work what went on, a clause
   * @param cause null where nothing was thrown
   */
  public static BellowsException during(String work, Throwable cause) {
    return BellowsException.infrastructure(
        "the driver was told to end (SIGTERM or SIGINT) while %s; run the same command again"
            .formatted(work),
        cause);
  }

  static Throwable explain(Throwable failure, boolean isEnding) {
    if (!isEnding || failure instanceof BellowsException || failure instanceof Error) {
      return failure;
    }
    return during("it worked (%s)".formatted(Storage.reason(failure)), failure);
  }
}
