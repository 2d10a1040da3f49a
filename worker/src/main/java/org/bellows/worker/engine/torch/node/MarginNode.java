// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.torch.node;

import java.util.List;
import org.bellows.models.layer.LayerShape;
import org.bellows.worker.engine.torch.pass.Pass;
import org.bytedeco.pytorch.Tensor;

/** A map with a frame of zeros, or a part of it. */
public final class MarginNode extends Node {
  private final Windows.Margins margins;

  private MarginNode(String name, LayerShape shape, Node input, Windows.Margins margins) {
    super(name, shape, List.of(input));
    this.margins = margins;
  }

  /**
   * @param top rows of zeros
   */
  public static MarginNode frame(
      String name, LayerShape shape, Node input, int top, int bottom, int left, int right) {
    return new MarginNode(name, shape, input, new Windows.Margins(top, bottom, left, right));
  }

  /**
   * @param shape of the part
   * @param top its first row
   * @param left its first column
   */
  public static MarginNode part(String name, LayerShape shape, Node input, int top, int left) {
    return new MarginNode(
        name,
        shape,
        input,
        Windows.Margins.ofPart(input.shape().asMap(), top, left, shape.asMap()));
  }

  @Override
  Tensor compute(Pass pass) {
    return Windows.pad(input().output(), margins, 0);
  }

  @Override
  void propagate(Pass pass, Tensor slope) {
    give(input(), Windows.pad(slope, margins.opposite(), 0));
  }
}
