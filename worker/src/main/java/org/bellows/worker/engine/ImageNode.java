package org.bellows.worker.engine;

import java.util.List;

/**
 * The network's input, [n, channels, height, width], row-major: images, or what another network
 * gave of them.
 */
final class ImageNode extends Node {
  private final long[] sample;

  /**
   * @param sample channels, height, width
   */
  ImageNode(String name, long[] sample) {
    super(name, List.of());
    this.sample = sample.clone();
  }

  @Override
  Tensor forward(PlanBuilder plan) {
    return plan.tensor(OneDnn.plain(plan.samples(), sample[0], sample[1], sample[2]));
  }

  @Override
  void backward(PlanBuilder plan, Tensor error) {
    throw new IllegalStateException("an image has no error");
  }
}
