// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.torch.node;

import java.util.List;
import org.bellows.models.layer.LayerShape;
import org.bellows.worker.engine.torch.pass.Pass;
import org.bytedeco.pytorch.Tensor;

/** The sum of two inputs or more, from the first on. */
public final class SumNode extends Node {

  public SumNode(String name, LayerShape shape, List<Node> inputs) {
    super(name, shape, inputs);
  }

  @Override
  boolean isOutputFree() {
    return inputs().size() > 1;
  }

  @Override
  Tensor compute(Pass pass) {
    Tensor sum = input().output();
    for (int i = 1; i < inputs().size(); i++) {
      Tensor next = inputs().get(i).output();
      if (i == 1) {
        sum = sum.add(next);
      } else {
        sum.add_(next);
      }
    }
    return sum;
  }

  @Override
  void propagate(Pass pass, Tensor slope) {
    inputs().forEach(input -> give(input, slope));
  }
}
