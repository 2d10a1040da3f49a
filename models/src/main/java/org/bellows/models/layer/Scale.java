// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.layer;

import java.util.List;

/** Its input times a constant. */
public record Scale(double factor) implements Layer {

  @Override
  public LayerShape output(List<LayerShape> inputs) {
    return inputs.get(0);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.scale(this);
  }
}
