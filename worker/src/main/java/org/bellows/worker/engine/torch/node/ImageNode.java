// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.torch.node;

import java.util.List;
import org.bellows.models.layer.LayerShape;
import org.bellows.worker.engine.torch.pass.Pass;
import org.bytedeco.pytorch.Tensor;

/** The network's input. */
public final class ImageNode extends Node {

  public ImageNode(String name, LayerShape shape) {
    super(name, shape, List.of());
  }

  /** As they come, and in the number format of maps. */
  @Override
  public long workBytes(int map) {
    return floatBytes() + (map == Float.BYTES ? 0 : outputBytes(map));
  }

  @Override
  Tensor compute(Pass pass) {
    return pass.inMapOrder(pass.asMap(pass.pictures(shape(pass))));
  }

  @Override
  void propagate(Pass pass, Tensor slope) {
    throw new IllegalStateException("pictures do not learn");
  }
}
