// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.layer;

import java.util.Locale;

/** A function of each element. */
public enum Activation {
  /** x. */
  IDENTITY,
  /** max(0, x). */
  RELU,
  /** min(max(0, x), 6): Sandler et al. 2018, section 3.1. */
  RELU6,
  /** The hyperbolic tangent. */
  TANH,
  /** 1 / (1 + e^-x). */
  SIGMOID,
  /** x * sigmoid(x): Ramachandran et al. 2017; PyTorch's SiLU. */
  SWISH;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
