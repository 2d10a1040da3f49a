// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.segment;

import java.util.HashMap;
import java.util.Map;
import org.bellows.models.graph.InputShape;
import org.bellows.models.layer.LabelFit;
import org.bellows.models.layer.LayerShape.FeatureMap;
import org.bellows.worker.network.LaneNetwork;

/** A network on an engine. */
final class LanePixels implements PixelNetwork {
  private final LaneNetwork network;
  private final FittingSizes sizes;
  private final Map<InputShape, FeatureMap> maps = new HashMap<>();

  LanePixels(LaneNetwork network) {
    this.network = network;
    this.sizes = FittingSizes.of(network.graph(), network.sides());
  }

  @Override
  public int classes() {
    return network.classes();
  }

  @Override
  public InputShape input() {
    return network.input();
  }

  @Override
  public InputShape fitting(int height, int width) {
    return sizes.atLeast(height, width);
  }

  @Override
  public LabelFit fit() {
    return network.graph().pixelHead().orElseThrow().fit();
  }

  @Override
  public FeatureMap map(InputShape picture) {
    return maps.computeIfAbsent(picture, network::map);
  }

  @Override
  public float[] logits(float[] pixels, InputShape picture) {
    return network.logits(pixels, picture);
  }
}
