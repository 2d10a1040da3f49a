// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.layer;

import java.util.List;

/** The mean of each channel: [n, channels, height, width] to [n, channels]. */
public record GlobalAveragePool() implements Layer {

  @Override
  public LayerShape output(List<LayerShape> inputs) {
    return new LayerShape.FeatureVector(inputs.get(0).asMap().channels());
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.globalAverage(this);
  }
}
