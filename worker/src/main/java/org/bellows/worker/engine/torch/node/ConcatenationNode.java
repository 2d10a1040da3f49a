// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.torch.node;

import java.util.List;
import org.bellows.models.layer.LayerShape;
import org.bellows.worker.engine.torch.pass.Pass;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** The channels of maps, one after the other. */
public final class ConcatenationNode extends Node {

  public ConcatenationNode(String name, LayerShape shape, List<Node> inputs) {
    super(name, shape, inputs);
  }

  @Override
  Tensor compute(Pass pass) {
    return torch.cat(
        new TensorVector(inputs().stream().map(Node::output).toArray(Tensor[]::new)), 1);
  }

  @Override
  void propagate(Pass pass, Tensor slope) {
    int first = 0;
    for (Node input : inputs()) {
      int channels = input.shape().channels();
      if (input.needsGradient()) {
        give(input, pass.inMapOrder(Windows.channels(slope, first, channels)));
      }
      first += channels;
    }
  }
}
