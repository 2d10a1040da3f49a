// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.network;

import org.bellows.conf.Settings;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.layer.BatchNorm;

/** The network that a training's settings ask for. */
public final class ConfiguredNetwork {
  private ConfiguredNetwork() {}

  /** With the loss of {@code loss.*} and the moments of {@code train.batch-norm-moments}. */
  public static NetworkDefinition of(
      NetworkDefinition network, Settings.Loss loss, Settings.Train train) {
    NetworkDefinition taught = Losses.configured(network, loss);
    return switch (train.batchNormMoments()) {
      case LANE -> taught;
      case GLOBAL_BATCH ->
          taught.withLayers(
              layer -> layer instanceof BatchNorm norm ? norm.overGlobalBatch() : layer);
    };
  }

  /** Whether training needs the moments of all lanes together. */
  public static boolean hasMomentsOverGlobalBatch(NetworkGraph network) {
    return network.vertices().stream()
        .anyMatch(vertex -> vertex.layer() instanceof BatchNorm norm && norm.isOverGlobalBatch());
  }
}
