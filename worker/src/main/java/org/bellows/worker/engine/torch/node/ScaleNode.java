// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.torch.node;

import java.util.List;
import org.bellows.models.layer.LayerShape;
import org.bellows.worker.engine.torch.pass.Pass;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** An array times a constant. */
public final class ScaleNode extends Node {
  private final double factor;

  public ScaleNode(String name, LayerShape shape, Node input, double factor) {
    super(name, shape, List.of(input));
    this.factor = factor;
  }

  @Override
  public boolean needsGradient() {
    return factor != 0 && super.needsGradient();
  }

  @Override
  Tensor compute(Pass pass) {
    return factor == 0
        ? pass.asMap(pass.device().zeros(shape(pass)))
        : input().output().mul(new Scalar(factor));
  }

  @Override
  void propagate(Pass pass, Tensor slope) {
    give(input(), slope.mul(new Scalar(factor)));
  }
}
