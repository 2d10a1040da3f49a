// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.optimizer;

/**
 * The running moments that Adam and its kin share (Kingma and Ba 2015, Algorithm 1).
 *
 * <pre>
 * paper     here
 * m_t       mean      = beta1 * mean + (1 - beta1) * g
 * v_t       square    = beta2 * square + (1 - beta2) * g^2
 * 1 - beta^t          correction, t from 1
 * </pre>
 */
record Moments(double beta1, double beta2, double epsilon) {

  /** Share of the first moment that has been filled after the step. */
  double firstCorrection(long step) {
    return 1 - StrictMath.pow(beta1, (double) (step + 1));
  }

  double secondCorrection(long step) {
    return 1 - StrictMath.pow(beta2, (double) (step + 1));
  }
}
