// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.node;

import java.util.List;
import org.bellows.worker.engine.onednn.plan.OneDnn;
import org.bellows.worker.engine.onednn.plan.PlanBuilder;
import org.bellows.worker.engine.onednn.plan.Tensor;

/**
 * The network's input, [n, channels, height, width], row-major: images, or what another network
 * gave of them.
 */
public final class ImageNode extends Node {
  private final long[] sample;

  /**
   * @param sample channels, height, width
   */
  public ImageNode(String name, long[] sample) {
    super(name, List.of());
    this.sample = sample.clone();
  }

  @Override
  public Tensor forward(PlanBuilder plan) {
    return plan.tensor(OneDnn.plain(plan.samples(), sample[0], sample[1], sample[2]));
  }

  @Override
  public void backward(PlanBuilder plan, Tensor outputGradient) {
    throw new IllegalStateException("an image has no error");
  }
}
