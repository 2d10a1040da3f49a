package org.bellows.driver.train;

import java.io.Serializable;
import java.util.List;
import org.bellows.conf.ErrorCategory;
import org.bellows.worker.evaluate.PartialEvaluation;
import org.bellows.worker.metrics.StepMetrics;

/**
 * What one rank has to say after a segment. Failures travel as data: an exception out of a task
 * would reach the driver as text, without its category.
 *
 * @param rank or -1 if it failed before it had one
 * @param host where it ran
 * @param steps on rank 0; empty elsewhere
 * @param notes for the report, on rank 0; empty elsewhere
 * @param parametersSha256 after the segment
 * @param evaluation this rank's part, or null
 * @param failure or null
 */
record SegmentOutcome(
    int rank,
    String host,
    List<StepMetrics> steps,
    List<String> notes,
    String parametersSha256,
    PartialEvaluation evaluation,
    Failure failure)
    implements Serializable {

  record Failure(ErrorCategory category, String message, String trace) implements Serializable {}

  static SegmentOutcome failed(int rank, String host, Failure failure) {
    return new SegmentOutcome(rank, host, List.of(), List.of(), null, null, failure);
  }
}
