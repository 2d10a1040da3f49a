// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.layer;

/** The kind of a range of the flat vector, as far as the optimizer depends on it. */
public enum ParameterKind {
  /** Convolution and dense weights: trained, pulled by weight decay. */
  WEIGHT,
  /** Biases and BatchNorm's gamma and beta: trained, spared by weight decay. */
  NO_DECAY,
  /** BatchNorm's running mean: not trained. */
  RUNNING_MEAN,
  /** BatchNorm's running variance: not trained. */
  RUNNING_VARIANCE,
  /** Anything of a layer that does not learn: stays as it is. */
  FROZEN;

  public boolean isTrainable() {
    return this == WEIGHT || this == NO_DECAY;
  }

  /** Whether BatchNorm keeps statistics there. */
  public boolean isStatistic() {
    return this == RUNNING_MEAN || this == RUNNING_VARIANCE;
  }
}
