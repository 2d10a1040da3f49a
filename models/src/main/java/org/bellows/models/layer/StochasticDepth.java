// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.layer;

import java.util.List;

/**
 * Drops a residual branch: Huang, Sun, Liu, Sedra, Weinberger, "Deep Networks with Stochastic
 * Depth", 2016, equation 2. In training the branch of each sample survives with probability p (b_l
 * = 1) or is 0.
 *
 * <p>Deviations, as in EfficientNet's published code: one draw a sample instead of one a batch, and
 * the surviving branch is divided by p in training instead of multiplied by p in inference.
 *
 * @param survival p, in (0, 1]
 */
public record StochasticDepth(double survival) implements Layer {

  public StochasticDepth {
    if (!(survival > 0 && survival <= 1)) {
      throw new IllegalArgumentException(
          "survival probability is %s, expected (0, 1]".formatted(survival));
    }
  }

  @Override
  public LayerShape output(List<LayerShape> inputs) {
    return inputs.get(0);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.stochasticDepth(this);
  }
}
