// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.torch;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.bellows.conf.BellowsException;
import org.bellows.conf.Device;
import org.bellows.conf.EvaluateSettings;
import org.bellows.conf.Precision;
import org.bellows.conf.TrainSettings;
import org.bellows.conf.text.ValueText;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.worker.device.CudaBuild;
import org.bellows.worker.device.Gpu;
import org.bellows.worker.device.ProcessDevice;
import org.bellows.worker.engine.Arithmetic;
import org.bellows.worker.engine.EngineNetwork;
import org.bellows.worker.engine.NumberFormat;
import org.bellows.worker.engine.StepEngine;
import org.bellows.worker.engine.StepEngineProvider;
import org.bellows.worker.engine.Support;
import org.bellows.worker.engine.torch.pass.TorchMode;
import org.bellows.worker.engine.torch.translate.NetworkNodes;
import org.bellows.worker.natives.TorchLibraries;

/** PyTorch's operations (ATen), through libtorch. */
public final class TorchEngineProvider implements StepEngineProvider {
  public static final String NAME = "torch";

  /** Code and tables of libtorch that a first step makes resident: measured 60 to 135 MB. */
  private static final long LIBRARIES = 135L << 20;

  /**
   * CUDA's context, code of the libraries and cuBLAS's workspaces ({@link
   * org.bellows.worker.engine.torch.pass.GpuRules#FIXED}, 32 MiB). Assumed: there was no device.
   */
  private static final long DEVICE_LIBRARIES = 1L << 30;

  /** Batches on their way to a GPU: one that is copied, and the next. */
  private static final long STAGED = 2;

  private final Arithmetic arithmetic;
  private final Device device;

  public TorchEngineProvider() {
    this(Arithmetic.USUAL, Device.CPU);
  }

  private TorchEngineProvider(Arithmetic arithmetic, Device device) {
    this.arithmetic = arithmetic;
    this.device = device;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Set<Device> devices() {
    return Set.of(Device.CPU, Device.GPU);
  }

  @Override
  public NumberFormat numbers() {
    return switch (arithmetic.precision()) {
      case FLOAT32 -> NumberFormat.FLOAT32;
      case TF32 -> NumberFormat.TF32;
      case BFLOAT16 -> NumberFormat.BFLOAT16;
    };
  }

  @Override
  public Optional<StepEngineProvider> in(Arithmetic other) {
    boolean isDirect =
        other.convolutions() == TrainSettings.Convolutions.DIRECT
            && other.inference().convolutions() == EvaluateSettings.InferenceConvolutions.DIRECT;
    return isDirect ? Optional.of(new TorchEngineProvider(other, device)) : Optional.empty();
  }

  @Override
  public StepEngineProvider on(Device other) {
    return new TorchEngineProvider(arithmetic, other);
  }

  @Override
  public boolean canComputeLanesAtOnce() {
    return true;
  }

  @Override
  public Support libraries() {
    if (!TorchLibraries.arePresent()) {
      return Support.no(TorchLibraries.missing());
    }
    return device == Device.CPU || CudaBuild.isThis()
        ? Support.yes()
        : Support.no(
            "PyTorch's libraries of this bundle are those for processors; on GPUs a bundle of"
                + " Maven's profile gpu computes");
  }

  @Override
  public Support supports(NetworkGraph network) {
    if (!libraries().isAvailable()) {
      return libraries();
    }
    if (device == Device.CPU && !arithmetic.isOnProcessors()) {
      return Support.no("tf32 is a number format of GPUs, and the device is cpu");
    }
    try {
      new NetworkNodes(network, network.heads());
      return Support.yes();
    } catch (BellowsException e) {
      return Support.no(e.getMessage());
    }
  }

  @Override
  public long hostBytes(NetworkGraph network, int samples, boolean training, Device device) {
    return device == Device.GPU
        ? STAGED * pictureBytes(network, samples)
        : PassBytes.of(network, TorchMode.ofHost(arithmetic), samples, training);
  }

  private static long pictureBytes(NetworkGraph network, int samples) {
    return (long) Float.BYTES * samples * network.inputShape().elements();
  }

  /** The next lane's pictures arrive while one is computed. */
  /** The first release had all maps in rows. */
  @Override
  public String layoutOnHost(int channels) {
    return TorchMode.areChannelsLastOnHost(channels) ? "with channels last" : "";
  }

  @Override
  public long deviceBytes(NetworkGraph network, int samples, boolean training) {
    long next = training ? pictureBytes(network, samples) : 0;
    return PassBytes.of(network, TorchMode.ofGpu(0, arithmetic), samples, training) + next;
  }

  @Override
  public long deviceLibraryBytes() {
    return DEVICE_LIBRARIES;
  }

  @Override
  public long libraryBytes() {
    return LIBRARIES;
  }

  private TorchMode mode() {
    return switch (device) {
      case CPU -> TorchMode.ofHost(arithmetic);
      case GPU -> TorchMode.ofGpu(gpu().index(), arithmetic);
    };
  }

  private Gpu gpu() {
    Gpu gpu = ProcessDevice.take();
    Stream.of(arithmetic.precision(), arithmetic.inference().precision())
        .filter(precision -> precision != Precision.FLOAT32)
        .forEach(precision -> CudaBuild.requireRoundedProducts(gpu, ValueText.name(precision)));
    return gpu;
  }

  @Override
  public StepEngine open(EngineNetwork network) {
    TorchMode mode = mode();
    return TorchEngine.guard(mode, () -> new TorchEngine(network, mode));
  }
}
