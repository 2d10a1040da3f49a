// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.parallel;

import java.util.function.BinaryOperator;

/**
 * Combines a few numbers of each lane of a step, in the order of the lane tree. Each lane makes the
 * same calls in the same order, and its call returns when all lanes have made theirs.
 */
@FunctionalInterface
public interface LaneCombiner {
  /** A single lane, which is the whole global batch. */
  LaneCombiner ONE_LANE = (what, own, merge) -> own;

  /**
   * @param what is combined, for messages: "moments of norm1"
   * @param own numbers of this lane, as many for each lane; not changed
   * @param merge from two neighbouring ranges of lanes, the left one first, to both; changes
   *     neither
   * @return of all lanes together; not to be changed
   */
  double[] combine(String what, double[] own, BinaryOperator<double[]> merge);
}
