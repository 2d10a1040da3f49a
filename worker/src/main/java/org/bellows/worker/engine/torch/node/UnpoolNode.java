// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.torch.node;

import java.util.List;
import org.bellows.models.layer.LayerShape;
import org.bellows.worker.engine.torch.pass.Pass;
import org.bytedeco.pytorch.Tensor;

/** Each value at the place where a max pool had found its maximum. */
public final class UnpoolNode extends Node {
  private final MaxPoolNode pool;

  /**
   * @param pool computes before this
   */
  public UnpoolNode(String name, LayerShape shape, Node values, MaxPoolNode pool) {
    super(name, shape, List.of(values));
    this.pool = pool;
    pool.addReaderOfPlaces();
  }

  @Override
  Tensor compute(Pass pass) {
    return pool.spread(pass, input().output());
  }

  @Override
  void propagate(Pass pass, Tensor slope) {
    give(input(), pool.collect(pass, slope));
  }
}
