// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.plan;

import org.bellows.conf.EvaluateSettings;
import org.bellows.conf.Precision;
import org.bellows.conf.TrainSettings;
import org.bellows.worker.engine.Arithmetic;

/**
 * What a plan is compiled for.
 *
 * @param samples of the batch
 * @param training forward and backward; else inference
 * @param convolutions their algorithm
 * @param precision of maps and weights
 */
public record Pass(
    int samples, boolean training, TrainSettings.Convolutions convolutions, Precision precision) {
  /** Inference has an arithmetic of its own. */
  public static Pass of(int samples, boolean training, Arithmetic arithmetic) {
    return training
        ? new Pass(samples, true, arithmetic.convolutions(), arithmetic.precision())
        : new Pass(
            samples,
            false,
            of(arithmetic.inference().convolutions()),
            arithmetic.inference().precision());
  }

  private static TrainSettings.Convolutions of(
      EvaluateSettings.InferenceConvolutions convolutions) {
    return switch (convolutions) {
      case DIRECT -> TrainSettings.Convolutions.DIRECT;
      case WINOGRAD -> TrainSettings.Convolutions.WINOGRAD;
    };
  }
}
