// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.torch.pass;

import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarTypeOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;

/**
 * Where tensors of float32 are and are computed on, and how they come there from Java's memory. To
 * be made outside of any scope of pointers.
 */
public final class TorchDevice implements AutoCloseable {
  private final TorchMode mode;
  private final boolean areChannelsLast;
  private final Device device;
  private final TensorOptions options;
  private final TensorOptions hostOptions;
  private final MemoryFormatOptional anyFormat = new MemoryFormatOptional();
  private final Device host = new Device(TorchMode.HOST);

  /** Null on the processor, which copies nothing. */
  private final TransferStream transfers;

  /**
   * @param areChannelsLast whether maps and weights have their channels last; else they are
   *     row-major
   */
  public TorchDevice(TorchMode mode, boolean areChannelsLast) {
    this.mode = mode;
    this.areChannelsLast = areChannelsLast;
    this.device = new Device(mode.device());
    // The number format is the default, float32.
    this.options = new TensorOptions(device);
    this.hostOptions = hostOptions(mode);
    this.transfers = mode.isHost() ? null : transfers();
  }

  /**
   * A tensor comes first: in a process's first engine this is the first call of CUDA, and where
   * there is no usable device an allocation says why, but a stream fails in a check of PyTorch's.
   */
  private TransferStream transfers() {
    try {
      GpuRules.apply();
      empty(0).close();
      return TransferStream.of(device);
    } catch (RuntimeException e) {
      closeOptions();
      throw e;
    }
  }

  /** Pages that the system may not move are copied to a GPU while the processor continues. */
  private static TensorOptions hostOptions(TorchMode mode) {
    try (TensorOptions floats = new TensorOptions(torch.ScalarType.Float);
        BoolOptional isPinned = new BoolOptional(!mode.isHost())) {
      return floats.pinned_memory(isPinned);
    }
  }

  public TorchMode mode() {
    return mode;
  }

  /** Whether maps and weights have their channels last. */
  public boolean areChannelsLast() {
    return areChannelsLast;
  }

  /** Until all that has been launched is done; only a GPU computes beside its caller. */
  public void await() {
    if (!device.is_cpu()) {
      torch.getDeviceGuardImpl(device.type()).synchronizeDevice(device.index());
    }
  }

  /** Not initialised. */
  public Tensor empty(long... shape) {
    return torch.torch_empty(shape, options, anyFormat);
  }

  /** Likewise, a map in the order of maps. */
  Tensor emptyMap(torch.ScalarType type, long... shape) {
    return torch.torch_empty(
        shape,
        options.dtype(new ScalarTypeOptional(type)),
        areChannelsLast ? new MemoryFormatOptional(torch.MemoryFormat.ChannelsLast) : anyFormat);
  }

  public Tensor zeros(long... shape) {
    return torch.torch_zeros(shape, options);
  }

  /** 0, 1, 2, ... of 64 bits. */
  public Tensor count(long length) {
    return torch.torch_arange(
        new Scalar(length), options.dtype(new ScalarTypeOptional(torch.ScalarType.Long)));
  }

  /**
   * A copy. On a GPU it arrives while the caller continues, after what the device has to do by
   * then; PyTorch's allocator keeps the pinned memory until it has.
   *
   * @param values row-major, at least as many as the shape has
   */
  public Tensor of(float[] values, long... shape) {
    Tensor copy = onHost(values, shape);
    return device.is_cpu() ? copy : launchCopy(copy);
  }

  /**
   * A copy that on a GPU does not wait for what the device still computes: pictures of the next
   * pass arrive during the last one.
   *
   * @param values row-major, at least as many as the shape has
   */
  public Tensor ahead(float[] values, long... shape) {
    return arrived(send(values, shape));
  }

  /** Begins such a copy, which {@link #arrived} gives. */
  Tensor send(float[] values, long... shape) {
    Tensor copy = onHost(values, shape);
    return transfers == null ? copy : transfers.begin(() -> launchCopy(copy));
  }

  /**
   * @param sent what {@link #send} gave
   * @return the same, which may be read by what is launched from now on
   */
  Tensor arrived(Tensor sent) {
    return transfers == null ? sent : transfers.arrived(sent);
  }

  private Tensor onHost(float[] values, long... shape) {
    Tensor copy = torch.torch_empty(shape, hostOptions, anyFormat);
    copy.data_ptr_float().put(values, 0, Math.toIntExact(copy.numel()));
    return copy;
  }

  private Tensor launchCopy(Tensor pinned) {
    return pinned.to(device, torch.ScalarType.Float, true, false, anyFormat);
  }

  /** Overwrites a tensor, which is contiguous, with the first values. */
  public void write(float[] source, Tensor target) {
    int length = Math.toIntExact(target.numel());
    if (device.is_cpu()) {
      target.data_ptr_float().put(source, 0, length);
    } else {
      target.copy_(of(source, length));
    }
  }

  /** Copies all values out, row-major, into the first of the target. */
  public void read(Tensor source, float[] target) {
    Tensor plain = Pass.asFloat(source).contiguous();
    Tensor copy = device.is_cpu() ? plain : plain.to(host, torch.ScalarType.Float);
    copy.data_ptr_float().get(target, 0, Math.toIntExact(copy.numel()));
  }

  /** All values, row-major. */
  public float[] read(Tensor source) {
    float[] values = new float[Math.toIntExact(source.numel())];
    read(source, values);
    return values;
  }

  @Override
  public void close() {
    if (transfers != null) {
      transfers.close();
    }
    closeOptions();
  }

  private void closeOptions() {
    options.close();
    hostOptions.close();
    anyFormat.close();
    host.close();
    device.close();
  }
}
