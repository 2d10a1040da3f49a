// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.device;

import java.util.List;
import org.bellows.conf.BellowsException;
import org.bellows.conf.text.Words;

/**
 * The drivers and devices that the bundle of Maven's profile {@code gpu} supports. PyTorch's
 * library holds machine code for a list of compute capabilities and none that the driver could
 * translate for others (PTX); code for one capability runs on those of the same major number that
 * are not lower (CUDA C++ Programming Guide, "Binary Compatibility"). The driver is the least for
 * CUDA 13.x (NVIDIA, "CUDA Compatibility", table "Minimum Required Driver Versions").
 */
public final class CudaBuild {
  /** The library in the jar of org.bytedeco:pytorch with the classifier linux-x86_64-gpu. */
  private static final String LIBRARY = "/org/bytedeco/pytorch/linux-x86_64-gpu/libtorch_cuda.so";

  private static final List<String> CAPABILITIES = List.of("7.5", "8.0", "9.0", "10.0", "12.0");

  private static final String LEAST_DRIVER = "580";

  /** Ampere's, the first with tf32 and bfloat16 (CUDA C++ Programming Guide, "Tensor cores"). */
  private static final String LEAST_ROUNDED = "8.0";

  static final String SUPPORTED =
      "this build (PyTorch 2.13, CUDA 13, cuDNN 9) runs on devices of compute capability 7.5, 8.x,"
          + " 9.x, 10.x and 12.x, with an NVIDIA driver of "
          + LEAST_DRIVER
          + " or newer";

  private CudaBuild() {}

  /** Whether the class path holds PyTorch's libraries for GPUs. Loads nothing. */
  public static boolean isThis() {
    return CudaBuild.class.getResource(LIBRARY) != null;
  }

  /**
   * @throws BellowsException (configuration) when this bundle cannot compute on GPUs
   */
  public static void require() {
    if (!isThis()) {
      throw BellowsException.configuration(
          "cannot compute on a GPU: this bundle holds no libraries for GPUs; build it with Maven's"
              + " profile gpu, or compute on the cpu");
    }
  }

  /**
   * The device of an executor.
   *
   * @param addresses that Spark gave the executor
   * @param devices of the host
   * @throws UnusableDeviceException saying in one sentence what is wrong and what this build needs
   */
  public static Gpu choose(List<String> addresses, List<Gpu> devices) {
    if (addresses.size() != 1) {
      throw unusable(
          "the executor has %d of Spark's gpu resources, expected 1 (spark.executor.resource.gpu.amount=1)"
              .formatted(addresses.size()));
    }
    if (devices.isEmpty()) {
      throw unusable("the driver finds no device");
    }
    String address = addresses.get(0);
    Gpu device =
        devices.stream()
            .filter(
                one -> address.equals(Integer.toString(one.index())) || address.equals(one.uuid()))
            .findFirst()
            .orElseThrow(() -> unusable(unknown(address, devices)));
    if (compare(device.driver(), LEAST_DRIVER) < 0) {
      throw unusable("the driver of " + device + " is too old");
    }
    if (!runsOn(device.capability())) {
      throw unusable(
          device + " has a compute capability that this build holds no machine code for");
    }
    return device;
  }

  /**
   * @param format of products: tf32 or bfloat16
   * @throws UnusableDeviceException where the device has no products of it; CUDA would compute
   *     tf32's in float32, and cuDNN has no convolutions of bfloat16 there
   */
  public static void requireRoundedProducts(Gpu device, String format) {
    if (compare(device.capability(), LEAST_ROUNDED) < 0) {
      throw new UnusableDeviceException(
          "%s has no products of %s, which need compute capability %s or higher; allowed there: float32"
              .formatted(device, format, LEAST_ROUNDED),
          null);
    }
  }

  private static String unknown(String address, List<Gpu> devices) {
    return "Spark gave the executor device %s, and there are %s"
        .formatted(address, Words.and(devices));
  }

  static boolean runsOn(String capability) {
    return CAPABILITIES.stream()
        .anyMatch(
            built ->
                part(built, 0) == part(capability, 0) && part(built, 1) <= part(capability, 1));
  }

  /** Compares versions, number by number. */
  private static int compare(String one, String other) {
    for (int i = 0; i < 3; i++) {
      int difference = Integer.compare(part(one, i), part(other, i));
      if (difference != 0) {
        return difference;
      }
    }
    return 0;
  }

  /** -1 where there is no such number. */
  private static int part(String version, int index) {
    String[] parts = version.split("\\.");
    return index < parts.length && parts[index].matches("\\d{1,6}")
        ? Integer.parseInt(parts[index])
        : -1;
  }

  static UnusableDeviceException unusable(String what) {
    return new UnusableDeviceException("cannot compute on a GPU: " + what + "; " + SUPPORTED, null);
  }
}
