// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.parallel;

import java.util.List;
import java.util.function.IntFunction;

/** Runs a task for each of some lanes. */
public interface LaneTasks {

  /** The most tasks that are begun together. */
  int count();

  /**
   * Runs tasks 0 .. n - 1 and returns when all have ended, whatever became of them.
   *
   * @param n at most {@link #count}
   * @return the results, in order
   * @throws RuntimeException (or Error) that of a task that failed, with those of others as
   *     suppressed
   */
  <T> List<T> run(int n, IntFunction<T> task);
}
