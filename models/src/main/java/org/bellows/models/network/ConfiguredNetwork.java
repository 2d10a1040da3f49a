// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.network;

import org.bellows.conf.LossSettings;
import org.bellows.conf.Settings;
import org.bellows.conf.TrainSettings;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.layer.BatchNorm;

/** The network that a training's settings ask for. */
public final class ConfiguredNetwork {
  private ConfiguredNetwork() {}

  /**
   * With the loss of {@code loss.*}, the moments of {@code train.batch-norm-moments} and {@code
   * model.stochastic-depth}.
   */
  public static NetworkDefinition of(
      NetworkDefinition network, Settings.Model model, LossSettings loss, TrainSettings train) {
    NetworkDefinition taught = withDepth(Losses.configured(network, loss), model.stochasticDepth());
    return switch (train.batchNormMoments()) {
      case LANE -> taught;
      case GLOBAL_BATCH ->
          taught.withLayers(
              layer -> layer instanceof BatchNorm norm ? norm.overGlobalBatch() : layer);
    };
  }

  private static NetworkDefinition withDepth(NetworkDefinition network, double drop) {
    return drop == 0 ? network : network.withGraph(graph -> ResidualBlocks.dropped(graph, drop));
  }

  /** Whether the network has what stochastic depth drops. */
  public static boolean hasResidualBlocks(NetworkDefinition network) {
    return !ResidualBlocks.of(network.graph(network.usualInput(), network.usualClasses()))
        .isEmpty();
  }

  /** Whether training needs the moments of all lanes together. */
  public static boolean hasMomentsOverGlobalBatch(NetworkGraph network) {
    return network.vertices().stream()
        .anyMatch(vertex -> vertex.layer() instanceof BatchNorm norm && norm.isOverGlobalBatch());
  }
}
