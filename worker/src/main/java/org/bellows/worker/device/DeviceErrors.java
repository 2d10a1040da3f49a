// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.device;

import java.util.List;
import java.util.regex.Pattern;
import org.bellows.conf.BellowsException;

/**
 * What PyTorch, CUDA, cuDNN and cuBLAS say when a device fails, in one sentence each. A device's
 * errors come late: the call that reports one need not be the one that failed.
 */
public final class DeviceErrors {
  /**
   * @param text in the library's message
   * @param what is wrong with the device
   * @param advice what to do
   * @param isLasting whether another process would find the same; else this one finds it until it
   *     ends
   */
  private record Kind(Pattern text, String what, String advice, boolean isLasting) {}

  /** As PyTorch names it. */
  private static final String PROCESSOR = "cpu";

  private static final List<Kind> KINDS =
      List.of(
          kind(
              "out of memory|STATUS_ALLOC_FAILED|can't allocate memory",
              "is out of memory",
              "set a smaller train.lane-batch (train --dry-run forecasts what it takes), in evaluations evaluate.batch",
              true),
          kind(
              "unable to find an engine to execute this computation",
              "has no algorithm of cuDNN for a convolution",
              "mostly the memory for its workspace is missing: set a smaller train.lane-batch, in evaluations evaluate.batch",
              true),
          kind(
              "driver version is insufficient|driver on your system is too old|Found no NVIDIA driver|unsupported toolchain|forward compatibility was attempted",
              "has a driver that does not fit these libraries",
              CudaBuild.SUPPORTED,
              true),
          kind(
              "no kernel image is available",
              "has a compute capability that this build holds no machine code for",
              CudaBuild.SUPPORTED,
              true),
          kind(
              "uncorrectable ECC|ECC error|NVLink error|hardware stack error",
              "has an error of its hardware",
              "look for it in nvidia-smi -q and the system's log (Xid), and take the device out of service if it comes again",
              false),
          kind(
              "GPU is lost|no CUDA-capable device|invalid device ordinal|busy or unavailable|device is lost|CUDA error: unknown error|fallen off the bus",
              "is lost, or another process holds it",
              "nvidia-smi tells which devices the host still has",
              false),
          kind(
              "illegal memory access|launch failure|launch timed out|misaligned address|illegal instruction|device-side assert|STATUS_EXECUTION_FAILED|STATUS_INTERNAL_ERROR|STATUS_MAPPING_ERROR|STATUS_NOT_INITIALIZED",
              "could not run an operation",
              "after this a process cannot use the device any more, so that the executor ends and a new one takes its place; if it comes again, run bellows device-check there",
              false));

  private DeviceErrors() {}

  private static Kind kind(String text, String what, String advice, boolean isLasting) {
    return new Kind(Pattern.compile(text), what, advice, isLasting);
  }

  /**
   * @param error of any kind
   * @param device as PyTorch has it: cpu, cuda:0
   * @return an infrastructure failure if the message is one of a device, an {@link
   *     UnusableDeviceException} or a {@link FailedDeviceException} where it is a GPU; else the
   *     error itself
   */
  public static RuntimeException translate(RuntimeException error, String device) {
    String message = String.valueOf(error.getMessage());
    if (error instanceof BellowsException) {
      return error;
    }
    return KINDS.stream()
        .filter(kind -> kind.text().matcher(message).find())
        .findFirst()
        .map(kind -> failure(kind, device, message, error))
        .orElse(error);
  }

  private static RuntimeException failure(
      Kind kind, String device, String message, RuntimeException cause) {
    String sentence =
        "%s %s (%s); %s".formatted(title(device), kind.what(), firstLine(message), kind.advice());
    if (kind.isLasting()) {
      return new UnusableDeviceException(sentence, cause);
    }
    return device.equals(PROCESSOR)
        ? BellowsException.infrastructure(sentence, cause)
        : new FailedDeviceException(sentence, cause);
  }

  private static String title(String device) {
    return ProcessDevice.current()
        .filter(gpu -> device.equals("cuda:" + gpu.index()))
        .map(Gpu::toString)
        .orElse(device.equals(PROCESSOR) ? "the processor" : device);
  }

  /** Without PyTorch's advice, and the calls that led there. */
  private static String firstLine(String message) {
    String line = message.strip().lines().findFirst().orElse("");
    return line.replaceFirst("(?s)\\s*(If reserved but unallocated|Exception raised from).*", "");
  }
}
