// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.spark;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ConfigurationException;
import org.bellows.conf.Problem;
import org.bellows.conf.Settings;
import org.bellows.worker.device.CudaBuild;
import org.bellows.worker.device.GpuHost;
import org.bellows.worker.engine.torch.pass.GpuRules;

/** One GPU an executor, which has one task slot. */
final class DeviceResources {
  /** Set by the launcher to the path of the bundle's discovery script. */
  static final String SCRIPT_VARIABLE = "BELLOWS_GPU_SCRIPT";

  private static final String SCRIPT = "spark.executor.resource.gpu.discoveryScript";

  private static final String WORKER_SCRIPT = "spark.worker.resource.gpu.discoveryScript";

  private static final Pattern LOCAL_CLUSTER =
      Pattern.compile("local-cluster\\[\\s*(\\d{1,9})\\s*,.*");

  private DeviceResources() {}

  /**
   * @throws BellowsException (configuration) when this bundle does not compute on GPUs, or nothing
   *     tells Spark how to find devices; (infrastructure) when executors are to be on this machine,
   *     which has no driver or lacks libraries
   */
  static void ask(
      SparkConf conf, Settings settings, DeviceUse use, Map<String, String> environment) {
    Optional<String> key = use.keyOfGpus(settings);
    if (key.isPresent()) {
      CudaBuild.require();
      if (conf.get("spark.master", "").startsWith("local")) {
        GpuHost.devices();
      }
      // Spark in one process knows no resources of executors.
      if (!SparkContexts.isOneProcess(conf)) {
        askForGpus(conf, key.get(), environment);
      }
    }
  }

  /**
   * @param key of the setting that asks for them
   */
  static void askForGpus(SparkConf conf, String key, Map<String, String> environment) {
    conf.setIfMissing("spark.executor.resource.gpu.amount", "1");
    conf.setIfMissing("spark.task.resource.gpu.amount", "1");
    conf.setIfMissing("spark.executor.resource.gpu.vendor", "nvidia.com");
    // Else CUDA would number devices by their speed, and Spark and nvidia-smi by the bus.
    conf.set("spark.executorEnv." + GpuRules.ORDER, GpuRules.BY_BUS);
    conf.set("spark.executorEnv." + GpuRules.WORKSPACE, GpuRules.FIXED);
    String script = environment.get(SCRIPT_VARIABLE);
    if (script != null) {
      conf.setIfMissing(SCRIPT, script);
    }
    if (!conf.contains(SCRIPT)) {
      throw BellowsException.configuration(
          "%s is gpu, but %s is not set; allowed: the path, on the executors, of a script such as the bundle's bin/gpus"
              .formatted(key, SCRIPT));
    }
    Matcher ofThisMachine = LOCAL_CLUSTER.matcher(conf.get("spark.master", ""));
    if (ofThisMachine.matches()) {
      // The worker offers all that the script lists, and must find one.
      conf.setIfMissing("spark.worker.resource.gpu.amount", "1");
    }
    if (ofThisMachine.matches() && !conf.contains(WORKER_SCRIPT)) {
      offerByWorker(conf, key, Integer.parseInt(ofThisMachine.group(1)));
    }
  }

  /**
   * Spark's workers on this machine are threads of this process, and each would offer all devices,
   * beginning with the first.
   */
  private static void offerByWorker(SparkConf conf, String key, int workers) {
    if (workers > 1) {
      throw new ConfigurationException(
          List.of(
              new Problem(
                  key,
                  "is gpu with %d workers in master %s, each of which would give its executor device 0; allowed: cluster.executors = 1, or a standalone master whose one worker has all devices"
                      .formatted(workers, conf.get("spark.master")))));
    }
    conf.set(WORKER_SCRIPT, conf.get(SCRIPT));
  }
}
