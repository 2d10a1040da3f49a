// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.torch.node;

import java.util.List;
import org.bellows.models.layer.LayerShape;
import org.bellows.worker.engine.torch.pass.Pass;
import org.bytedeco.pytorch.Tensor;

/** A loss: the forward pass of training leaves its errors, the slope of the logits. */
abstract class HeadNode extends Node {
  private Tensor errors;

  HeadNode(String name, LayerShape shape, Node logits) {
    super(name, shape, List.of(logits));
  }

  @Override
  public final boolean isHead() {
    return true;
  }

  /** The errors. */
  @Override
  public final long extraBytes(int map) {
    return floatBytes();
  }

  /** Logits and errors in the order of maps and row by row, in float32. */
  @Override
  public long workBytes(int map) {
    return 2 * floatBytes();
  }

  /**
   * @param slopes d loss / d logits, in the order of the logits
   */
  final void setErrors(Pass pass, float[] slopes) {
    holdErrors(pass, pass.device().of(slopes, input().shape(pass)));
  }

  /**
   * @param slopes d loss / d logits, on the device
   */
  final void holdErrors(Pass pass, Tensor slopes) {
    errors = save(pass, slopes);
  }

  @Override
  final void propagate(Pass pass, Tensor slope) {
    give(input(), errors);
  }
}
