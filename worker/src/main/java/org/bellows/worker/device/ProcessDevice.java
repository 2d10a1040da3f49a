// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.device;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The GPU that engines of this process compute on. An executor has one; CUDA keeps memory and
 * libraries on each device that a process has touched, so another one is never taken later, and no
 * other process takes it as long as this one lives.
 */
public final class ProcessDevice {
  /**
   * The same for all processes of a host: on YARN each container has a java.io.tmpdir of its own.
   */
  private static final Path FOLDER = Path.of("/tmp");

  private static List<String> addresses;
  private static DeviceClaim taken;
  private static Gpu shared;
  private static boolean isFailed;

  private ProcessDevice() {}

  /**
   * Says what this process may take.
   *
   * @param given addresses of Spark's resource gpu of an executor
   */
  public static synchronized void offer(List<String> given) {
    addresses = List.copyOf(given);
  }

  /**
   * The device of this process. The first call chooses it: the one that Spark gave the executor, in
   * other processes the first that no process has.
   *
   * @throws UnusableDeviceException in one sentence, when the host lacks libraries, or there is no
   *     such device, this build does not run on it, or another process has it
   * @throws FailedDeviceException when it has failed in this process before
   */
  public static synchronized Gpu take() {
    if (isFailed) {
      throw new FailedDeviceException(
          "the GPU of this process has failed before: only another process can use it", null);
    }
    if (shared != null) {
      return shared;
    }
    if (taken == null) {
      List<Gpu> devices = GpuHost.devices();
      taken =
          addresses == null
              ? firstFree(devices, FOLDER)
              : DeviceClaim.of(CudaBuild.choose(addresses, devices), FOLDER);
    }
    return taken.device();
  }

  /**
   * The device of the process that has started this one and waits for it: its claim is for both.
   *
   * @param address Spark's, or the device's UUID
   */
  public static synchronized void share(String address) {
    shared = CudaBuild.choose(List.of(address), GpuHost.devices());
  }

  /** Empty as long as this process has taken none. */
  public static synchronized Optional<Gpu> current() {
    return shared != null
        ? Optional.of(shared)
        : Optional.ofNullable(taken).map(DeviceClaim::device);
  }

  /** The device has failed: this process computes on it no more. */
  public static synchronized void onFailed() {
    isFailed = true;
  }

  /** Whether this process can compute on its device no more, and should end. */
  public static synchronized boolean isFailed() {
    return isFailed;
  }

  static DeviceClaim firstFree(List<Gpu> devices, Path folder) {
    UnusableDeviceException last = null;
    for (Gpu device : devices) {
      try {
        return DeviceClaim.of(
            CudaBuild.choose(List.of(Integer.toString(device.index())), devices), folder);
      } catch (UnusableDeviceException e) {
        last = e;
      }
    }
    throw last == null ? CudaBuild.unusable("the driver finds no device") : last;
  }
}
