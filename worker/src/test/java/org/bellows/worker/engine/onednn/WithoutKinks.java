// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn;

import org.bellows.models.layer.Activation;
import org.bellows.models.layer.ActivationLayer;
import org.bellows.models.layer.Convolution;
import org.bellows.models.layer.Dense;
import org.bellows.models.layer.Layer;
import org.bellows.models.layer.Pool;
import org.bellows.models.layer.PoolingType;
import org.bellows.models.network.NetworkDefinition;

/**
 * The same network with tanh instead of ReLU and means instead of maxima. Its gradient is
 * continuous: rounding changes it a little, and cannot flip a unit. With ReLU one unit of a deep
 * network whose argument rounds to the other side of 0 moves the gradient by a hundredth.
 */
final class WithoutKinks {
  private WithoutKinks() {}

  static NetworkDefinition of(NetworkDefinition network) {
    return network.withLayers(WithoutKinks::smooth);
  }

  private static Layer smooth(Layer layer) {
    if (layer instanceof Convolution convolution) {
      return new Convolution(
          convolution.channels(),
          convolution.window(),
          convolution.groups(),
          convolution.hasBias(),
          smooth(convolution.activation()),
          convolution.weights(),
          convolution.initialBias());
    }
    if (layer instanceof Dense dense) {
      return new Dense(
          dense.units(), smooth(dense.activation()), dense.weights(), dense.initialBias());
    }
    if (layer instanceof ActivationLayer alone) {
      return new ActivationLayer(smooth(alone.activation()));
    }
    return layer instanceof Pool pool
        ? new Pool(PoolingType.AVG, pool.window(), pool.roundsUp())
        : layer;
  }

  private static Activation smooth(Activation activation) {
    return switch (activation) {
      case RELU, RELU6 -> Activation.TANH;
      case IDENTITY, TANH, SIGMOID, SWISH -> activation;
    };
  }
}
