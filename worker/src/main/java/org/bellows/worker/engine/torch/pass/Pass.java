// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.torch.pass;

import org.bellows.worker.parallel.LaneCombiner;

/** The inputs of one pass over a batch, and its outputs. */
public final class Pass {
  private final TorchDevice device;
  private final FlatTensors vectors;
  private final float[] pixels;
  private final int samples;
  private final Training training;
  private double loss;
  private float[] output;

  /**
   * What training has beside pixels.
   *
   * @param targets [n, width], as {@code StepEngine.gradient} takes them
   * @param seed of what is dropped
   * @param lanes where this lane meets the others
   */
  public record Training(float[] targets, long seed, LaneCombiner lanes) {}

  /**
   * @param pixels [samples, channels, height, width]
   * @param training null: inference
   */
  public Pass(
      TorchDevice device, FlatTensors vectors, float[] pixels, int samples, Training training) {
    this.device = device;
    this.vectors = vectors;
    this.pixels = pixels;
    this.samples = samples;
    this.training = training;
  }

  public TorchDevice device() {
    return device;
  }

  public FlatTensors vectors() {
    return vectors;
  }

  public float[] pixels() {
    return pixels;
  }

  public int samples() {
    return samples;
  }

  public boolean isTraining() {
    return training != null;
  }

  /** Not of inference. */
  public Training training() {
    return training;
  }

  /**
   * @param values row-major
   */
  public void setOutput(float[] values) {
    output = values;
  }

  public float[] output() {
    return output;
  }

  public void addLoss(double more) {
    loss += more;
  }

  /** Sum over samples and heads. */
  public double loss() {
    return loss;
  }
}
