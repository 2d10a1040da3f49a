// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.plan;

import org.bellows.worker.engine.Arithmetic;

/**
 * What a plan is compiled for.
 *
 * @param samples of the batch
 * @param training forward and backward; else inference
 * @param arithmetic that is computed in
 */
public record Pass(int samples, boolean training, Arithmetic arithmetic) {
  /** Inference is computed in the usual arithmetic, whatever the training is computed in. */
  public static Pass of(int samples, boolean training, Arithmetic ofTraining) {
    return new Pass(samples, training, training ? ofTraining : Arithmetic.USUAL);
  }
}
