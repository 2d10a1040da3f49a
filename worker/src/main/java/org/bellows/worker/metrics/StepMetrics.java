// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.metrics;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.io.Serializable;
import org.bellows.conf.PublicApi;
import org.bellows.worker.files.MayBeNotFinite;

/**
 * One update, as rank 0 saw it.
 *
 * @param step updates done before this one, from 0
 * @param epoch from 0
 * @param loss mean over the global batch, in nats, before the update; NaN where the step was not
 *     finite and the update was skipped, of one lane at least
 * @param learningRate of this update
 * @param seconds wall time of the step
 * @param images samples of the step, all ranks together
 * @param dataWaitSeconds part of the time in which this rank waited for batches
 * @param computeSeconds part in forward and backward
 * @param collectiveSeconds part in exchanging gradients and parameters, waiting for others
 *     included, without what is exchanged while the rank computes ({@code sync.overlap})
 * @param hiddenSeconds part of the time in forward and backward in which gradients were exchanged,
 *     waiting for others included; 0 in files of older versions
 */
@PublicApi
public record StepMetrics(
    long step,
    int epoch,
    @MayBeNotFinite double loss,
    double learningRate,
    double seconds,
    int images,
    double dataWaitSeconds,
    double computeSeconds,
    double collectiveSeconds,
    @JsonProperty double hiddenSeconds)
    implements Serializable {

  /** A step that exchanges nothing while it computes. */
  public StepMetrics(
      long step,
      int epoch,
      double loss,
      double learningRate,
      double seconds,
      int images,
      double dataWaitSeconds,
      double computeSeconds,
      double collectiveSeconds) {
    this(
        step,
        epoch,
        loss,
        learningRate,
        seconds,
        images,
        dataWaitSeconds,
        computeSeconds,
        collectiveSeconds,
        0);
  }

  /** The same step, now that its loss is known. */
  public StepMetrics withLoss(double known) {
    return new StepMetrics(
        step,
        epoch,
        known,
        learningRate,
        seconds,
        images,
        dataWaitSeconds,
        computeSeconds,
        collectiveSeconds,
        hiddenSeconds);
  }

  /** Whether there was no update. */
  public boolean wasSkipped() {
    return !Double.isFinite(loss);
  }
}
