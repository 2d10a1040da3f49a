// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.train;

import java.io.Serializable;
import java.util.List;
import org.bellows.conf.ErrorCategory;
import org.bellows.worker.evaluate.PartialEvaluation;
import org.bellows.worker.metrics.RankMetrics;
import org.bellows.worker.metrics.StepMetrics;

/**
 * The result of one rank after a segment. Failures travel as data: an exception out of a task would
 * reach the driver as text, without its category.
 *
 * @param rank within the attempt
 * @param host where it ran
 * @param reached updates done; fewer than the segment's where a rank leaves
 * @param isLeft whether a rank leaves: there is a whole checkpoint, and all stop; the same on all
 * @param steps on rank 0; empty elsewhere
 * @param notes for the report, on rank 0; empty elsewhere
 * @param parametersSha256 after the segment
 * @param evaluation this rank's part, or null
 * @param times where its time went, or null if there were no steps
 * @param failure or null
 */
record SegmentOutcome(
    int rank,
    String host,
    long reached,
    boolean isLeft,
    List<StepMetrics> steps,
    List<String> notes,
    String parametersSha256,
    PartialEvaluation evaluation,
    RankMetrics times,
    Failure failure)
    implements Serializable {

  /** Declared in the order in which one is the cause rather than another. */
  enum Kind {
    /** Configuration, data or numbers: it would happen again. */
    UNDERSTOOD,
    /** It is unknown whether it would. */
    UNFORESEEN,
    /** This rank's machine or disk: it may not happen again. */
    MACHINE,
    /** Before any step: executors are other ones than in the segment before. */
    REPLACED,
    /** The failure of another rank, which this one waited for in vain. */
    SILENT_PEER,
    /** The failure of another rank, which has more information, if only that it waited in vain. */
    LOST_PEER
  }

  record Failure(Kind kind, ErrorCategory category, String message, String trace)
      implements Serializable {}

  static SegmentOutcome failed(int rank, String host, Failure failure) {
    return new SegmentOutcome(
        rank, host, 0, false, List.of(), List.of(), null, null, null, failure);
  }
}
