// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.check;

import java.util.List;
import org.bellows.models.graph.InputShape;
import org.bellows.models.layer.Dropout;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.models.zoo.NetworkRegistry;

/** Five networks of different families, on small images, without dropout. */
final class NetworkCases {
  private static final int CLASSES = 5;

  private NetworkCases() {}

  static List<CheckCase> all() {
    return List.of(
        of("lenet5", 28, 8),
        of("resnet20-cifar", 32, 8),
        of("resnet18", 64, 4),
        of("mobilenet-v2", 64, 4),
        of("unet-8", 34, 2));
  }

  private static CheckCase of(String name, int side, int samples) {
    NetworkDefinition network = NetworkRegistry.standard().get(name);
    int channels = network.usualInput().channels();
    return new CheckCase(
        name,
        network.withLayers(layer -> layer instanceof Dropout ? new Dropout(0) : layer),
        new InputShape(channels, side, side),
        CLASSES,
        samples);
  }
}
