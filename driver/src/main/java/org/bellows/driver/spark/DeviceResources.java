// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.spark;

import java.util.Map;
import org.apache.spark.SparkConf;
import org.bellows.conf.BellowsException;
import org.bellows.conf.Settings;
import org.bellows.worker.device.CudaBuild;
import org.bellows.worker.device.GpuHost;
import org.bellows.worker.engine.torch.pass.GpuRules;

/** One GPU an executor, which has one task slot. */
final class DeviceResources {
  /** Set by the launcher to the path of the bundle's discovery script. */
  static final String SCRIPT_VARIABLE = "BELLOWS_GPU_SCRIPT";

  private static final String SCRIPT = "spark.executor.resource.gpu.discoveryScript";

  private DeviceResources() {}

  /**
   * @throws BellowsException (configuration) when this bundle does not compute on GPUs, or nothing
   *     tells Spark how to find devices; (infrastructure) when executors are to be on this machine,
   *     which has no driver or lacks libraries
   */
  static void ask(SparkConf conf, Settings settings, Map<String, String> environment) {
    if (settings.train().device() == Settings.TrainingDevice.GPU
        || settings.evaluate().device() == Settings.TrainingDevice.GPU) {
      CudaBuild.require();
      if (conf.get("spark.master", "").startsWith("local")) {
        GpuHost.devices();
      }
      // Spark in one process knows no resources of executors.
      if (!SparkContexts.isOneProcess(conf)) {
        askForGpus(conf, environment);
      }
    }
  }

  static void askForGpus(SparkConf conf, Map<String, String> environment) {
    conf.setIfMissing("spark.executor.resource.gpu.amount", "1");
    conf.setIfMissing("spark.task.resource.gpu.amount", "1");
    conf.setIfMissing("spark.executor.resource.gpu.vendor", "nvidia.com");
    // Else CUDA would number devices by their speed, and Spark and nvidia-smi by the bus.
    conf.set("spark.executorEnv.CUDA_DEVICE_ORDER", "PCI_BUS_ID");
    conf.set("spark.executorEnv." + GpuRules.WORKSPACE, GpuRules.FIXED);
    String script = environment.get(SCRIPT_VARIABLE);
    if (script != null) {
      conf.setIfMissing(SCRIPT, script);
    }
    if (!conf.contains(SCRIPT)) {
      throw BellowsException.configuration(
          "train.device is gpu, but %s is not set; allowed: the path, on the executors, of a script such as the bundle's bin/gpus"
              .formatted(SCRIPT));
    }
  }
}
