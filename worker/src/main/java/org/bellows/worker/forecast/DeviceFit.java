// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.forecast;

import java.util.Locale;
import java.util.Optional;
import org.bellows.conf.BellowsException;
import org.bellows.worker.device.Gpu;
import org.bellows.worker.device.UnusableDeviceException;
import org.bellows.worker.train.TrainingPlan;

/** Whether what an executor computes fits the GPU that it has. */
public final class DeviceFit {
  private DeviceFit() {}

  /**
   * Without a teacher's part, and with pictures as large as the network's input: the driver knows
   * more, but not the device.
   *
   * @param executors that share the lanes
   * @throws UnusableDeviceException with both numbers and what to change
   */
  public static void require(Gpu device, TrainingPlan plan, int executors) {
    ExecutorMemory needed =
        MemoryForecast.of(
            plan.settings(),
            executors,
            plan.network(),
            plan.classes().size(),
            Optional.empty(),
            MemoryForecast.Samples.UNKNOWN);
    require(
        device,
        needed.deviceBytes(),
        "a rank that trains %s in lane batches of %d"
            .formatted(plan.settings().model().name(), plan.settings().train().laneBatch()));
  }

  /**
   * @param bytes that an executor needs, by the driver's forecast
   * @param network that it evaluates
   * @throws UnusableDeviceException as above
   */
  public static void requireToEvaluate(Gpu device, long bytes, String network) {
    require(device, bytes, "an executor that evaluates " + network);
  }

  /**
   * @param bytes that it needs
   * @param user of the memory, for a person: "a rank that ...", "an executor that ..."
   * @throws BellowsException (infrastructure) unless it has them, or does not tell
   */
  static void require(Gpu device, long bytes, String user) {
    long mebibytes = (bytes + MemoryForecast.MEBIBYTE - 1) / MemoryForecast.MEBIBYTE;
    if (device.mebibytes() > 0 && mebibytes > device.mebibytes()) {
      throw new UnusableDeviceException(
          String.format(
              Locale.ROOT,
              "%s has %,d MiB of memory, and %s is estimated to need %,d; set a smaller train.lane-batch or evaluate.batch, or take a larger device",
              device,
              device.mebibytes(),
              user,
              mebibytes),
          null);
    }
  }
}
