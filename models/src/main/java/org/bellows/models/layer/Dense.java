// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.layer;

import java.util.List;

/**
 * A matrix, a bias and an activation: a vector to a vector.
 *
 * @param units length of the output
 * @param initialBias where each bias starts
 */
public record Dense(int units, Activation activation, InitialWeights weights, double initialBias)
    implements Layer {

  @Override
  public LayerShape output(List<LayerShape> inputs) {
    return new LayerShape.FeatureVector(units);
  }

  @Override
  public List<ParameterArray> parameters(List<LayerShape> inputs) {
    return ParameterArray.dense(inputs.get(0), units);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.dense(this);
  }
}
