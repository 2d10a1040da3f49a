// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.segment;

import java.util.HashMap;
import java.util.Map;
import org.bellows.models.graph.InputShape;
import org.bellows.models.layer.LabelFit;
import org.bellows.models.layer.LayerShape.FeatureMap;
import org.bellows.models.network.OutputStride;
import org.bellows.worker.network.LaneNetwork;

/** A network on an engine. */
final class LanePixels implements PixelNetwork {
  /**
   * Sizes are rounded up to multiples of this, so that not each picture needs a plan of its own.
   */
  private static final int BUCKET = 32;

  private final LaneNetwork network;
  private final int multiple;
  private final Map<InputShape, FeatureMap> maps = new HashMap<>();

  LanePixels(LaneNetwork network) {
    this.network = network;
    int stride = OutputStride.of(network.graph());
    this.multiple = stride * ((BUCKET + stride - 1) / stride);
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
    InputShape input = network.input();
    return height == input.height() && width == input.width()
        ? input
        : new InputShape(input.channels(), fitting(height), fitting(width));
  }

  private int fitting(int side) {
    return network.sides().atLeast((side + multiple - 1) / multiple * multiple);
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
