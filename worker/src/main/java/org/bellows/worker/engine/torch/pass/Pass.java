// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.torch.pass;

import java.util.function.Supplier;
import org.bellows.conf.Precision;
import org.bellows.worker.parallel.LaneCombiner;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** The inputs of one pass over a batch, and its outputs. */
public final class Pass {
  private static final int MAP_DIMENSIONS = 4;

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
   * @param sent the pixels, on their way already; null: they are still to be sent
   */
  public record Training(float[] targets, long seed, LaneCombiner lanes, SentPictures sent) {}

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

  private Precision precision() {
    return device.mode().precision(isTraining());
  }

  /** The number format of maps. */
  public torch.ScalarType mapType() {
    return precision() == Precision.BFLOAT16 ? torch.ScalarType.BFloat16 : torch.ScalarType.Float;
  }

  /** Whether maps have another number format than parameters and gradients. */
  public boolean areMapsRounded() {
    return precision() == Precision.BFLOAT16;
  }

  /** In the number format of maps. */
  public Tensor asMap(Tensor tensor) {
    return in(mapType(), tensor);
  }

  /** In float32. */
  public static Tensor asFloat(Tensor tensor) {
    return in(torch.ScalarType.Float, tensor);
  }

  /** In a number format; the tensor itself if that is its own. */
  public static Tensor in(torch.ScalarType type, Tensor tensor) {
    return isOf(type, tensor) ? tensor : tensor.to(type);
  }

  /** Whether a tensor has a number format. JavaCPP makes a new object of it in each call. */
  public static boolean isOf(torch.ScalarType type, Tensor tensor) {
    return tensor.scalar_type().intern() == type;
  }

  /**
   * Not initialised, in the number format and the order of maps.
   *
   * @param shape [samples, channels, height, width]
   */
  public Tensor emptyMap(long... shape) {
    return device.emptyMap(mapType(), shape);
  }

  /** In the order of maps and their weights: channels last, or row-major. */
  public Tensor inMapOrder(Tensor tensor) {
    return device.areChannelsLast() && tensor.dim() == MAP_DIMENSIONS
        ? tensor.contiguous(torch.MemoryFormat.ChannelsLast)
        : tensor.contiguous();
  }

  /**
   * Products of matrices and convolutions.
   *
   * @param areRounded whether they may be of tf32 where the pass is
   */
  public <T> T products(boolean areRounded, Supplier<T> launch) {
    return device.mode().isHost()
        ? launch.get()
        : GpuRules.launch(areRounded && precision() == Precision.TF32, launch);
  }

  public FlatTensors vectors() {
    return vectors;
  }

  /** The pixels in the device's memory, in float32; to be called once. */
  public Tensor pictures(long... shape) {
    return training != null && training.sent() != null
        ? training.sent().take(shape)
        : device.ahead(pixels, shape);
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
