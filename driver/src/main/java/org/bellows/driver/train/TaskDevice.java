// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.train;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;
import org.bellows.conf.Settings;
import org.bellows.worker.device.CudaBuild;
import org.bellows.worker.device.DeviceClaim;
import org.bellows.worker.device.GpuHost;
import org.bellows.worker.device.ProcessDevice;

/** The device that Spark gave this task. */
final class TaskDevice {
  private TaskDevice() {}

  /**
   * Looks whether the host has all libraries, this build runs on the task's GPU, and no other task
   * has it; nothing on the CPU.
   *
   * @throws org.bellows.worker.device.UnusableDeviceException in one sentence, if it does not
   */
  static Optional<DeviceClaim> claim(Settings.TrainingDevice device) {
    if (device == Settings.TrainingDevice.CPU) {
      return Optional.empty();
    }
    ResourceInformation given = TaskContext.get().resourcesJMap().get("gpu");
    List<String> addresses = given == null ? List.of() : List.of(given.addresses());
    DeviceClaim claim =
        DeviceClaim.of(
            CudaBuild.choose(addresses, GpuHost.devices()),
            Path.of(System.getProperty("java.io.tmpdir")));
    ProcessDevice.use(claim.device());
    return Optional.of(claim);
  }
}
