// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.torch.node;

import java.util.List;
import org.bellows.models.layer.LayerShape;
import org.bellows.worker.engine.torch.pass.Pass;
import org.bytedeco.pytorch.Tensor;

/** Each channel of a map times a number. */
public final class ChannelScaleNode extends Node {
  private static final long[] PIXELS = {2, 3};

  private Tensor map;
  private Tensor scales;

  public ChannelScaleNode(String name, LayerShape shape, Node map, Node scales) {
    super(name, shape, List.of(map, scales));
  }

  @Override
  public boolean savesInput() {
    return true;
  }

  @Override
  Tensor compute(Pass pass) {
    map = save(pass, input().output());
    long[] each = {pass.samples(), shape().channels(), 1, 1};
    scales = save(pass, inputs().get(1).output().reshape(each));
    return map.mul(scales);
  }

  @Override
  void propagate(Pass pass, Tensor slope) {
    Node factors = inputs().get(1);
    if (factors.needsGradient()) {
      give(factors, slope.mul(map).sum(PIXELS).reshape(factors.shape(pass)));
    }
    if (input().needsGradient()) {
      give(input(), slope.mul(scales));
    }
  }
}
