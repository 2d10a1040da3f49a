// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.k8s.KubernetesUtils;
import org.apache.spark.resource.ResourceID;
import org.apache.spark.resource.ResourceRequest;
import org.apache.spark.resource.ResourceUtils;
import org.bellows.conf.Settings;
import org.bellows.conf.load.SettingsLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.Option;

class DeviceResourcesTest {
  private static final String SCRIPT = "spark.executor.resource.gpu.discoveryScript";

  @TempDir Path folder;

  @Test
  void anExecutorAndItsOneTaskHaveOneDevice() {
    SparkConf conf = new SparkConf(false);
    DeviceResources.askForGpus(
        conf, "train.device", Map.of("BELLOWS_GPU_SCRIPT", "/bundle/bin/gpus"));
    assertThat(conf.get("spark.executor.resource.gpu.amount")).isEqualTo("1");
    assertThat(conf.get("spark.task.resource.gpu.amount")).isEqualTo("1");
    assertThat(conf.get(SCRIPT)).isEqualTo("/bundle/bin/gpus");
    assertThat(conf.get("spark.executorEnv.CUDA_DEVICE_ORDER")).isEqualTo("PCI_BUS_ID");
    assertThat(conf.get("spark.executorEnv.CUBLAS_WORKSPACE_CONFIG")).isEqualTo(":4096:8");
    // Processes that the scripts start have both, too.
    assertThat(Path.of("../deploy/bin/environment.sh"))
        .content()
        .contains("export CUDA_DEVICE_ORDER=PCI_BUS_ID CUBLAS_WORKSPACE_CONFIG=:4096:8\n");
  }

  @Test
  void whatSparkWasToldStays() {
    SparkConf conf = new SparkConf(false).set(SCRIPT, "/site/gpus");
    DeviceResources.askForGpus(
        conf, "train.device", Map.of("BELLOWS_GPU_SCRIPT", "/bundle/bin/gpus"));
    assertThat(conf.get(SCRIPT)).isEqualTo("/site/gpus");
    assertThatThrownBy(
            () -> DeviceResources.askForGpus(new SparkConf(false), "evaluate.device", Map.of()))
        .hasMessage(
            "evaluate.device is gpu, but spark.executor.resource.gpu.discoveryScript is not set;"
                + " allowed: the path, on the executors, of a script such as the bundle's"
                + " bin/gpus");
  }

  private static SparkConf of(String target) throws IOException {
    Properties properties = new Properties();
    try (Reader in = Files.newBufferedReader(Path.of("../deploy/targets").resolve(target))) {
      properties.load(in);
    }
    SparkConf conf = new SparkConf(false);
    properties.forEach((key, value) -> conf.set((String) key, ((String) value).strip()));
    return conf;
  }

  /** As Spark itself reads the settings of the targets. */
  @Test
  void sparkAsksTheClusterForOneDeviceAnExecutor() throws IOException {
    SparkConf yarn = of("yarn/gpu.properties");
    DeviceResources.askForGpus(yarn, "train.device", Map.of());
    ResourceRequest asked =
        ResourceUtils.parseResourceRequest(yarn, new ResourceID("spark.executor", "gpu"));
    assertThat(asked.amount()).isEqualTo(1);
    assertThat(asked.discoveryScript()).contains("./gpus");
    assertThat(Path.of(URI.create(yarn.get("spark.yarn.dist.files"))).getFileName())
        .hasToString("gpus");

    SparkConf worker = of("standalone/worker-gpu.conf");
    ResourceRequest offered =
        ResourceUtils.parseResourceRequest(worker, new ResourceID("spark.worker", "gpu"));
    assertThat(offered.amount()).isEqualTo(2);
    assertThat(offered.discoveryScript()).contains("/opt/bellows/bin/gpus");

    SparkConf kubernetes = of("kubernetes/spark-defaults.conf");
    DeviceResources.askForGpus(
        kubernetes, "train.device", Map.of("BELLOWS_GPU_SCRIPT", "/opt/bellows/bin/gpus"));
    assertThat(KubernetesUtils.buildResourcesQuantities("spark.executor", kubernetes).toString())
        .isEqualTo("Map(nvidia.com/gpu -> 1)");
  }

  private static Settings settings(String... assignments) {
    return new SettingsLoader().set(List.of(assignments)).load(List.of(), List.of());
  }

  @Test
  void onTheCpuNothingIsAskedForAndThisBuildHasNoGpu() {
    SparkConf conf = new SparkConf(false);
    DeviceResources.ask(conf, settings(), DeviceUse.BOTH, Map.of());
    assertThat(conf.getAll()).isEmpty();
    Settings training = settings("train.device=gpu", "train.step-engine=torch");
    Settings inference = settings("evaluate.device=gpu", "evaluate.step-engine=torch");
    isRefused(training, DeviceUse.TRAINING);
    isRefused(training, DeviceUse.BOTH);
    isRefused(inference, DeviceUse.INFERENCE);
    isRefused(inference, DeviceUse.BOTH);
    // What a command does not compute needs no device.
    DeviceResources.ask(conf, training, DeviceUse.INFERENCE, Map.of());
    DeviceResources.ask(conf, inference, DeviceUse.TRAINING, Map.of());
    DeviceResources.ask(conf, training, DeviceUse.NONE, Map.of());
    assertThat(conf.getAll()).isEmpty();
  }

  private static void isRefused(Settings settings, DeviceUse use) {
    SparkConf conf = new SparkConf(false);
    assertThatThrownBy(() -> DeviceResources.ask(conf, settings, use, Map.of()))
        .hasMessageStartingWith("cannot compute on a GPU: this bundle holds no libraries for GPUs");
  }

  /** As Spark's worker on this machine reads it. */
  @Test
  void theWorkerOfThisMachineOffersItsDevices() throws IOException {
    Path script = folder.resolve("gpus");
    Files.writeString(
        script, "#!/bin/sh\necho '{\"name\": \"gpu\", \"addresses\": [\"0\",\"1\"]}'\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    Map<String, String> environment = Map.of("BELLOWS_GPU_SCRIPT", script.toString());
    SparkConf one = new SparkConf(false).set("spark.master", "local-cluster[1,2,1024]");
    DeviceResources.askForGpus(one, "train.device", environment);
    assertThat(
            ResourceUtils.getOrDiscoverAllResources(one, "spark.worker", Option.empty())
                .get("gpu")
                .get()
                .addresses())
        .containsExactly("0", "1");

    SparkConf two = new SparkConf(false).set("spark.master", "local-cluster[2,2,1024]");
    assertThatThrownBy(() -> DeviceResources.askForGpus(two, "train.device", environment))
        .hasMessageContaining(
            "train.device: is gpu with 2 workers in master local-cluster[2,2,1024], each of which"
                + " would give its executor device 0; allowed: cluster.executors = 1, or");
    two.set("spark.worker.resource.gpu.discoveryScript", "/site/gpus");
    DeviceResources.askForGpus(two, "train.device", environment);
    assertThat(two.get("spark.worker.resource.gpu.discoveryScript")).isEqualTo("/site/gpus");
    assertThat(two.get("spark.worker.resource.gpu.amount")).isEqualTo("1");
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
