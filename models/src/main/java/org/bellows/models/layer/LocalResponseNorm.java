// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.layer;

import java.util.List;

/**
 * Local response normalisation: Krizhevsky, Sutskever, Hinton 2012, section 3.3. b_i = a_i /
 * s_i^beta with s_i = k + alpha * the sum of a_j^2 over the n channels around i, at each pixel.
 * Here n = 5, beta = 0.75. Others divide alpha by n first; their alpha is five times this one.
 */
public record LocalResponseNorm(double k, double alpha) implements Layer {
  /** n / 2: neighbours on each side. */
  public static final int REACH = 2;

  /** Number of channels that are summed, n. */
  public static final int CHANNELS = 2 * REACH + 1;

  public static final double BETA = 0.75;

  @Override
  public LayerShape output(List<LayerShape> inputs) {
    return inputs.get(0).asMap();
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.responseNorm(this);
  }
}
