// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.train;

import org.bellows.conf.PublicApi;
import org.bellows.worker.collective.Communicator;

/**
 * A site's own listener on every rank, for what it wants to know beside {@code metrics/}: exports
 * to its monitoring, probes of a machine. Classes named in {@code
 * META-INF/services/org.bellows.worker.train.RankListener} of any jar on the executors' class path
 * are found by {@link java.util.ServiceLoader}, one object a segment and rank.
 */
@PublicApi
public interface RankListener {

  /**
   * The ranks are connected and are about to take the steps of a segment. An exception of a
   * listener fails the segment.
   *
   * @param plan internal: what it says may change with each version
   * @param communicator {@link Communicator#rank} and {@link Communicator#size} are kept, the rest
   *     is internal
   * @return listener to each step of the segment on this rank, called on the thread of the steps:
   *     it must be quick, and an exception fails the segment
   */
  StepListener beginSegment(TrainingPlan plan, Communicator communicator);
}
