// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.layer;

import java.util.List;

/** A function of each element by itself. */
public record ActivationLayer(Activation activation) implements Layer {

  @Override
  public LayerShape output(List<LayerShape> inputs) {
    return inputs.get(0);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.activation(this);
  }
}
