// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.layer;

import java.util.List;
import org.bellows.conf.text.Words;

/** The sum of its inputs, element by element. */
public record Sum() implements Layer {

  @Override
  public LayerShape output(List<LayerShape> inputs) {
    LayerShape first = inputs.get(0);
    for (LayerShape other : inputs) {
      if (!other.equals(first)) {
        throw new IllegalArgumentException(
            "summands are %s, expected all of one shape".formatted(Words.and(inputs)));
      }
    }
    return first;
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.sum(this);
  }
}
