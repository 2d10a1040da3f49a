// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.device;

import java.util.List;
import org.bellows.conf.BellowsException;
import org.bellows.conf.Words;

/**
 * The drivers and devices that the build of Maven's profile {@code cuda} supports. ND4J's library
 * holds machine code for a list of compute capabilities and none that the driver could translate
 * for others (PTX); code for one capability runs on those of the same major number that are not
 * lower (CUDA C++ Programming Guide, "Binary Compatibility"). The driver is the least for CUDA 11.x
 * (CUDA 11.6 release notes, "CUDA Toolkit and Minimum Required Driver Version").
 */
public final class CudaBuild {
  private static final String BACKEND = "org.nd4j.linalg.jcublas.JCublasBackend";

  private static final List<String> CAPABILITIES =
      List.of("3.7", "5.0", "5.2", "6.0", "6.1", "7.0", "7.5", "8.0", "8.6");

  private static final String LEAST_DRIVER = "450.80.02";

  static final String SUPPORTED =
      "this build (ND4J 1.0.0-M2.1, CUDA 11.6, cuDNN 8.3) runs on devices of compute capability"
          + " 3.7, 5.x, 6.x, 7.x and 8.x, not on Hopper (9.0) or newer, with an NVIDIA driver of "
          + LEAST_DRIVER
          + " or newer";

  private CudaBuild() {}

  /** Whether ND4J computes on GPUs here; else on the CPU. */
  public static boolean isThis() {
    return CudaBuild.class.getClassLoader().getResource(BACKEND.replace('.', '/') + ".class")
        != null;
  }

  /**
   * @throws BellowsException (configuration) when this build does not compute on what is asked for
   */
  public static void requireFor(boolean gpu, boolean isCudaBuild) {
    if (gpu && !isCudaBuild) {
      throw BellowsException.configuration(
          "train.device is gpu, but this build computes on the CPU; build it with Maven's profile"
              + " cuda, or set train.device=cpu");
    }
    if (!gpu && isCudaBuild) {
      throw BellowsException.configuration(
          "train.device is cpu, but this build computes on GPUs (Maven's profile cuda); set"
              + " train.device=gpu and train.step-engine=dl4j, or build it without the profile");
    }
  }

  /**
   * The device of a task.
   *
   * @param addresses that Spark gave the task
   * @param devices of the host
   * @throws UnusableDeviceException saying in one sentence what is wrong and what this build needs
   */
  public static Gpu choose(List<String> addresses, List<Gpu> devices) {
    if (addresses.size() != 1) {
      throw unusable(
          "the task has %d of Spark's gpu resources, expected 1 (spark.task.resource.gpu.amount=1)"
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

  private static String unknown(String address, List<Gpu> devices) {
    return "Spark gave the task device %s, and there are %s".formatted(address, Words.and(devices));
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

  private static UnusableDeviceException unusable(String what) {
    return new UnusableDeviceException("train.device = gpu, but " + what + "; " + SUPPORTED, null);
  }
}
