// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.network;

import java.util.List;

/**
 * The numbers that papers print.
 *
 * @param trainableParameters floats that the optimizer moves, those of auxiliary heads included
 * @param inferenceParameters those of them that the network's answer depends on: without auxiliary
 *     heads
 * @param flops multiply-adds of the convolutions and dense layers for one image, forward, without
 *     auxiliary heads, as He et al. 2015 (Table 1) count them
 */
public record NetworkCost(long trainableParameters, long inferenceParameters, long flops) {

  /** For the shape and the number of classes that published counts refer to. */
  public static NetworkCost of(NetworkDefinition definition) {
    return of(LayerCosts.of(definition, definition.usualInput(), definition.usualClasses()));
  }

  public static NetworkCost of(List<LayerCost> layers) {
    long all = 0;
    long inference = 0;
    long flops = 0;
    for (LayerCost layer : layers) {
      all += layer.trainableParameters();
      if (!layer.auxiliary()) {
        inference += layer.trainableParameters();
        flops += layer.multiplyAdds();
      }
    }
    return new NetworkCost(all, inference, flops);
  }
}
