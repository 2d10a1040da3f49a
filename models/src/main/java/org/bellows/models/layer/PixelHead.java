// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.layer;

import java.util.List;
import org.bellows.models.loss.PixelLoss;

/**
 * The softmax over the channels at each pixel as an answer of the network, [n, classes, height,
 * width], and its loss.
 *
 * @param fit which labels belong to the pixels where the map is smaller than the picture
 */
public record PixelHead(PixelLoss loss, LabelFit fit) implements Layer {

  @Override
  public LayerShape output(List<LayerShape> inputs) {
    return inputs.get(0).asMap();
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.pixelHead(this);
  }
}
