// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.layer;

import java.util.List;
import org.bellows.models.loss.HeadLoss;

/**
 * The softmax of its input, or where a sample is of any number of classes the sigmoid, as an answer
 * of the network, [n, classes], and its loss.
 */
public record SoftmaxHead(HeadLoss loss) implements Layer {

  @Override
  public LayerShape output(List<LayerShape> inputs) {
    return new LayerShape.FeatureVector(Math.toIntExact(inputs.get(0).elements()));
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.softmaxHead(this);
  }
}
