// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.bellows.conf.Settings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceResourcesTest {
  private static final String SCRIPT = "spark.executor.resource.gpu.discoveryScript";

  @TempDir Path folder;

  @Test
  void anExecutorAndItsOneTaskHaveOneDevice() {
    SparkConf conf = new SparkConf(false);
    DeviceResources.askForGpus(conf, Map.of("BELLOWS_GPU_SCRIPT", "/bundle/bin/gpus"));
    assertThat(conf.get("spark.executor.resource.gpu.amount")).isEqualTo("1");
    assertThat(conf.get("spark.task.resource.gpu.amount")).isEqualTo("1");
    assertThat(conf.get(SCRIPT)).isEqualTo("/bundle/bin/gpus");
    assertThat(conf.get("spark.executorEnv.CUDA_DEVICE_ORDER")).isEqualTo("PCI_BUS_ID");
  }

  @Test
  void whatSparkWasToldStays() {
    SparkConf conf = new SparkConf(false).set(SCRIPT, "/site/gpus");
    DeviceResources.askForGpus(conf, Map.of("BELLOWS_GPU_SCRIPT", "/bundle/bin/gpus"));
    assertThat(conf.get(SCRIPT)).isEqualTo("/site/gpus");
    assertThatThrownBy(() -> DeviceResources.askForGpus(new SparkConf(false), Map.of()))
        .hasMessage(
            "train.device is gpu, but spark.executor.resource.gpu.discoveryScript is not set;"
                + " allowed: the path, on the executors, of a script such as the bundle's"
                + " bin/gpus");
  }

  @Test
  void onTheCpuNothingIsAskedForAndThisBuildHasNoGpu() {
    SparkConf conf = new SparkConf(false);
    DeviceResources.ask(conf, Settings.TrainingDevice.CPU, Map.of());
    assertThat(conf.getAll()).isEmpty();
    assertThatThrownBy(() -> DeviceResources.ask(conf, Settings.TrainingDevice.GPU, Map.of()))
        .hasMessageStartingWith("train.device is gpu, but this bundle holds no libraries for GPUs");
  }

  /** The bundle's script, with a tool of the driver's that says what it is told to. */
  private String[] discovered(String nvidiaSmi) throws IOException, InterruptedException {
    if (nvidiaSmi != null) {
      Path tool = folder.resolve("nvidia-smi");
      Files.writeString(tool, "#!/bin/sh\n" + nvidiaSmi + "\n");
      Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwx------"));
    }
    Path script = Path.of("../deploy/bin/gpus").toAbsolutePath().normalize();
    ProcessBuilder builder = new ProcessBuilder("/bin/bash", script.toString());
    builder.environment().put("PATH", folder + ":/usr/bin:/bin");
    Process process = builder.start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    return new String[] {Integer.toString(process.waitFor()), out, err};
  }

  @Test
  void theScriptListsDevicesAsSparkReadsThem() throws IOException, InterruptedException {
    assertThat(discovered("printf '0\\n1\\n3\\n'"))
        .containsExactly("0", "{\"name\": \"gpu\", \"addresses\": [\"0\",\"1\",\"3\"]}\n", "");
  }

  @Test
  void theScriptSaysWhyThereIsNone() throws IOException, InterruptedException {
    assertThat(discovered(null))
        .containsExactly(
            "1", "", "bellows gpus: no nvidia-smi on the path: no NVIDIA driver is installed\n");
    assertThat(discovered("echo 'NVIDIA-SMI has failed'; exit 9"))
        .containsExactly("1", "", "bellows gpus: nvidia-smi failed: NVIDIA-SMI has failed\n");
    assertThat(discovered("echo 'No devices were found'"))
        .containsExactly(
            "1", "", "bellows gpus: nvidia-smi lists no device: No devices were found\n");
  }
}
