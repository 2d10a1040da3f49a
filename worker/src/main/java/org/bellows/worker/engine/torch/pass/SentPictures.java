// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.torch.pass;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.Tensor;

/** Pictures that are on their way to the device before their pass begins. */
public final class SentPictures implements AutoCloseable {
  private final TorchDevice device;
  private final float[] pixels;

  /** Null once it was taken. */
  private Tensor copy;

  /**
   * Begins to send.
   *
   * @param pixels not to be changed before their pass
   */
  public SentPictures(TorchDevice device, float[] pixels) {
    this.device = device;
    this.pixels = pixels;
    try (InferenceMode mode = new InferenceMode(true);
        PointerScope scope = new PointerScope()) {
      copy = device.send(pixels, pixels.length);
      copy.retainReference();
    }
  }

  /** Whether they are this very array. */
  public boolean areOf(float[] others) {
    return pixels == others;
  }

  /** As {@link TorchDevice#ahead}; once. */
  Tensor take(long... shape) {
    Tensor taken = device.arrived(copy).view(shape);
    close();
    return taken;
  }

  @Override
  public void close() {
    if (copy != null) {
      copy.close();
      copy = null;
    }
  }
}
