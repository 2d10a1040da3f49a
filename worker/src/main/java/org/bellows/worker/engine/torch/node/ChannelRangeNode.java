// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.torch.node;

import java.util.List;
import org.bellows.models.layer.ChannelRange;
import org.bellows.models.layer.LayerShape;
import org.bellows.worker.engine.torch.pass.Pass;
import org.bytedeco.pytorch.Tensor;

/** Some consecutive channels. */
public final class ChannelRangeNode extends Node {
  private final ChannelRange range;

  public ChannelRangeNode(String name, LayerShape shape, Node input, ChannelRange range) {
    super(name, shape, List.of(input));
    this.range = range;
  }

  @Override
  Tensor compute(Pass pass) {
    return pass.inMapOrder(Windows.channels(input().output(), range.first(), range.channels()));
  }

  @Override
  void propagate(Pass pass, Tensor slope) {
    int after = input().shape().channels() - range.first() - range.channels();
    give(input(), Windows.padChannels(slope, range.first(), after));
  }
}
