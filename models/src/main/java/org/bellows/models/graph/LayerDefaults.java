// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.graph;

import org.bellows.models.layer.Activation;

/**
 * Properties that the layers of one network have in common.
 *
 * @param activation of convolutions and dense layers, and after each BatchNorm
 * @param weights initial weights
 * @param bias initial biases
 * @param epsilon BatchNorm's addend to the variance
 * @param decay share of the old running statistics that BatchNorm keeps; frameworks that speak of
 *     momentum m for the new share mean 1 - m
 */
public record LayerDefaults(
    Activation activation, WeightInitializers weights, double bias, double epsilon, double decay) {
  private static final double USUAL_EPSILON = 1e-5;
  private static final double USUAL_DECAY = 0.9;

  public static LayerDefaults of(Activation activation, WeightInitializers weights) {
    return new LayerDefaults(activation, weights, 0, USUAL_EPSILON, USUAL_DECAY);
  }

  public LayerDefaults weights(WeightInitializers other) {
    return new LayerDefaults(activation, other, bias, epsilon, decay);
  }

  public LayerDefaults bias(double other) {
    return new LayerDefaults(activation, weights, other, epsilon, decay);
  }

  public LayerDefaults normalisation(double newEpsilon, double newDecay) {
    return new LayerDefaults(activation, weights, bias, newEpsilon, newDecay);
  }
}
