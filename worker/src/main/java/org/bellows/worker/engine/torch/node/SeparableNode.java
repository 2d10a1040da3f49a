// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.torch.node;

import java.util.List;
import org.bellows.models.layer.LayerShape;
import org.bellows.models.layer.Separable;
import org.bellows.models.layer.SideMap;
import org.bellows.worker.engine.torch.pass.Pass;
import org.bytedeco.pytorch.Tensor;

/**
 * A linear map of rows and one of columns, as products of matrices: Y = A X B^T. PyTorch's own
 * operations for resizing and for means over bins add in any order in their backward passes on a
 * GPU; a product does not. The side that makes the map smaller comes first.
 */
public final class SeparableNode extends Node {
  private final SideMap down;
  private final SideMap across;
  private Tensor a;
  private Tensor b;

  public SeparableNode(String name, LayerShape shape, Node input, Separable layer) {
    super(name, shape, List.of(input));
    LayerShape.FeatureMap from = input.shape().asMap();
    LayerShape.FeatureMap to = shape.asMap();
    this.down = layer.side(from.height(), to.height());
    this.across = layer.side(from.width(), to.width());
  }

  /** Both maps in float32, and what is between the two products. */
  @Override
  public long workBytes(int map) {
    return 2 * (input().floatBytes() + floatBytes());
  }

  @Override
  Tensor compute(Pass pass) {
    a = save(pass, pass.device().of(down.matrix(), down.to(), down.from()));
    b = save(pass, pass.device().of(across.matrix(), across.to(), across.from()));
    Tensor x = Pass.asFloat(input().output());
    Tensor y =
        pass.products(
            false,
            () -> down.to() <= down.from() ? a.matmul(x).matmul(b.t()) : a.matmul(x.matmul(b.t())));
    return pass.inMapOrder(pass.asMap(y));
  }

  @Override
  void propagate(Pass pass, Tensor slope) {
    Tensor e = Pass.asFloat(slope);
    Tensor ofX =
        pass.products(
            false,
            () -> down.to() <= down.from() ? a.t().matmul(e.matmul(b)) : a.t().matmul(e).matmul(b));
    give(input(), pass.inMapOrder(ofX));
  }
}
