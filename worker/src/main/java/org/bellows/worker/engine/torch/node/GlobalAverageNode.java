// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.torch.node;

import java.util.List;
import org.bellows.models.layer.LayerShape;
import org.bellows.worker.engine.torch.pass.Pass;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** The mean of each channel. */
public final class GlobalAverageNode extends Node {
  private static final long[] PIXELS = {2, 3};

  public GlobalAverageNode(String name, LayerShape shape, Node input) {
    super(name, shape, List.of(input));
  }

  @Override
  Tensor compute(Pass pass) {
    return input().output().mean(PIXELS);
  }

  @Override
  void propagate(Pass pass, Tensor slope) {
    LayerShape.FeatureMap map = input().shape().asMap();
    double pixels = (double) map.height() * map.width();
    Tensor each = slope.div(new Scalar(pixels)).reshape(pass.samples(), map.channels(), 1, 1);
    give(input(), pass.inMapOrder(each.expand(input().shape(pass))));
  }
}
