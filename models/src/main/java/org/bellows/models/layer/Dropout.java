// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.layer;

import java.util.List;

/**
 * Sets each input to 0 and the others to input / (1 - probability), in training only: Srivastava et
 * al., "Dropout", 2014, section 10.
 *
 * @param probability of being dropped, in [0, 1)
 */
public record Dropout(double probability) implements Layer {

  @Override
  public LayerShape output(List<LayerShape> inputs) {
    return inputs.get(0);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.dropout(this);
  }
}
