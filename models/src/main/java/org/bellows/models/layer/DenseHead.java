// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.layer;

import java.util.List;
import org.bellows.models.loss.HeadLoss;

/**
 * A dense layer whose softmax, or where a sample is of any number of classes the sigmoid, is an
 * answer of the network, [n, classes], and its loss.
 */
public record DenseHead(int classes, InitialWeights weights, HeadLoss loss) implements Layer {

  @Override
  public LayerShape output(List<LayerShape> inputs) {
    return new LayerShape.FeatureVector(classes);
  }

  @Override
  public List<ParameterArray> parameters(List<LayerShape> inputs) {
    return ParameterArray.dense(inputs.get(0), classes);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.denseHead(this);
  }
}
