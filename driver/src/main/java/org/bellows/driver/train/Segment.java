// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.train;

import java.io.Serializable;
import org.bellows.worker.checkpoint.WriteFence;
import org.bellows.worker.collective.transport.Session;

/**
 * The work of one barrier stage: steps of one epoch, then a checkpoint, then perhaps an evaluation.
 *
 * @param session of the attempt; ranks of different sessions never talk
 * @param from first step
 * @param to one past the last step, in the same epoch; equal to from where only the evaluation is
 *     missing
 * @param evaluate whether the validation split is evaluated afterwards
 */
record Segment(Session session, long from, long to, boolean evaluate) implements Serializable {

  /** The attempt that may write while this segment's is the newest. */
  WriteFence.Attempt attempt() {
    return new WriteFence.Attempt(session.secret().jobName(), session.attempt());
  }
}
