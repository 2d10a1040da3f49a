// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.parallel;

/**
 * Divides work on the elements of a vector. Elements do not depend on one another, so that it
 * changes no bit how they are divided.
 */
@FunctionalInterface
public interface VectorParts {
  /** In one part, on the caller's thread. */
  VectorParts ONE = (from, to, work) -> work.run(from, to);

  /** Work on the elements from (inclusive) .. to (exclusive). */
  @FunctionalInterface
  interface Work {
    void run(int from, int to);
  }

  /** Returns when the work on [from, to) is done, perhaps in several parts at the same time. */
  void run(int from, int to, Work work);
}
