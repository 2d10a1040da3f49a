// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.layer;

import java.util.List;

/**
 * Puts each value where a max pool had found its maximum, and 0 elsewhere (Badrinarayanan, Kendall,
 * Cipolla, "SegNet", 2017, section 3; Zeiler and Fergus 2014, section 2.1). Inputs: the values, one
 * a window of the pool, and the map that the pool reads; the output is as high and wide as that
 * map. Of equal maxima in a window the first in row-major order counts. Values whose maxima are at
 * the same place are added up.
 *
 * @param pool that reads the second input: a max pool
 */
public record Unpool(Pool pool) implements Layer {

  public Unpool {
    if (pool.type() != PoolingType.MAX) {
      throw new IllegalArgumentException(
          "an unpooling is of a pool of type %s, expected max".formatted(pool.type()));
    }
  }

  @Override
  public LayerShape output(List<LayerShape> inputs) {
    LayerShape pooled = pool.output(List.of(inputs.get(1)));
    if (!pooled.equals(inputs.get(0))) {
      throw new IllegalArgumentException(
          "an unpooling reads %s, expected %s, the pool's output of %s"
              .formatted(inputs.get(0), pooled, inputs.get(1)));
    }
    return inputs.get(1);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.unpool(this);
  }
}
