// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** All that can be said of a GPU without one. */
class CudaBuildTest {
  private static final String SUPPORTED =
      "; this build (PyTorch 2.13, CUDA 13, cuDNN 9) runs on devices of compute capability 7.5,"
          + " 8.x, 9.x, 10.x and 12.x, with an NVIDIA driver of 580 or newer";

  @TempDir Path folder;

  private static Gpu gpu(int index, String capability, String driver) {
    return new Gpu(index, "GPU-" + index, "NVIDIA Test", driver, capability, 15_360);
  }

  private Path program(String script) throws IOException {
    Path file = folder.resolve("nvidia-smi");
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  @Test
  void whatTheToolSaysIsRead() throws IOException {
    Path program =
        program(
            "echo \"$@\" > "
                + folder
                + "/asked\n"
                + "echo '0, GPU-2a5d, 580.65.06, 8.0, 40960, NVIDIA A100-SXM4-40GB'\n"
                + "echo '1, GPU-91fe, 580.65.06, 7.5, [N/A], Tesla T4, a comma'");
    assertThat(new NvidiaSmi(program.toString()).devices())
        .containsExactly(
            new Gpu(0, "GPU-2a5d", "NVIDIA A100-SXM4-40GB", "580.65.06", "8.0", 40_960),
            new Gpu(1, "GPU-91fe", "Tesla T4, a comma", "580.65.06", "7.5", 0));
    assertThat(Files.readString(folder.resolve("asked")))
        .isEqualTo(
            "--query-gpu=index,uuid,driver_version,compute_cap,memory.total,name --format=csv,noheader,nounits\n");
  }

  @Test
  void aHostWithoutADriverSaysSo() {
    String missing = folder.resolve("none").toString();
    assertThatThrownBy(() -> new NvidiaSmi(missing).devices())
        .isInstanceOfSatisfying(BellowsException.class, CudaBuildTest::isInfrastructure)
        .hasMessageStartingWith("cannot compute on a GPU: nvidia-smi cannot be run (")
        .hasMessageEndingWith("): no NVIDIA driver is installed" + SUPPORTED);
  }

  private static void isInfrastructure(BellowsException e) {
    assertThat(e.category()).isEqualTo(ErrorCategory.INFRASTRUCTURE);
    assertThat(e.category().exitCode()).isEqualTo(4);
  }

  @Test
  void aDriverThatFailsIsQuoted() throws IOException {
    Path program =
        program("echo 'Field \"compute_cap\" is not a valid field to query.'; echo more; exit 2");
    assertThatThrownBy(() -> new NvidiaSmi(program.toString()).devices())
        .hasMessage(
            "cannot compute on a GPU: nvidia-smi ends with status 2 and says \"Field"
                + " \"compute_cap\" is not a valid field to query.\""
                + SUPPORTED);
    Path other = program("echo 'No devices were found'");
    assertThatThrownBy(() -> new NvidiaSmi(other.toString()).devices())
        .hasMessageStartingWith(
            "cannot compute on a GPU: nvidia-smi says \"No devices were found\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"7.5", "8.0", "8.6", "8.9", "9.0", "10.0", "10.3", "12.0", "12.1"})
  void runsOn(String capability) {
    assertThat(CudaBuild.runsOn(capability)).isTrue();
    Gpu device = gpu(0, capability, "580.65.06");
    assertThat(CudaBuild.choose(List.of("0"), List.of(device))).isEqualTo(device);
  }

  @ParameterizedTest
  @ValueSource(strings = {"3.7", "6.1", "7.0", "7.2", "11.0", "13.0", "[N/A]", ""})
  void doesNotRunOn(String capability) {
    assertThat(CudaBuild.runsOn(capability)).isFalse();
  }

  @Test
  void voltaIsRefusedInOneSentence() {
    assertThatThrownBy(() -> CudaBuild.choose(List.of("0"), List.of(gpu(0, "7.0", "580.65.06"))))
        .isInstanceOfSatisfying(BellowsException.class, CudaBuildTest::isInfrastructure)
        .hasMessage(
            "cannot compute on a GPU: device 0 (NVIDIA Test, compute capability 7.0, driver"
                + " 580.65.06) has a compute capability that this build holds no machine code for"
                + SUPPORTED);
  }

  @ParameterizedTest
  @CsvSource({"579.99.99", "570.211.01", "535.104.05", "58", "unknown"})
  void aDriverThatIsTooOldIsRefused(String driver) {
    assertThatThrownBy(() -> CudaBuild.choose(List.of("0"), List.of(gpu(0, "8.0", driver))))
        .hasMessage(
            "cannot compute on a GPU: the driver of device 0 (NVIDIA Test, compute capability 8.0,"
                + " driver %s) is too old%s".formatted(driver, SUPPORTED));
  }

  @Test
  void anExecutorComputesOnTheDeviceThatSparkGaveIt() {
    List<Gpu> devices = List.of(gpu(0, "9.0", "580.65.06"), gpu(3, "8.0", "580.65.06"));
    assertThat(CudaBuild.choose(List.of("3"), devices).index()).isEqualTo(3);
    assertThat(CudaBuild.choose(List.of("GPU-3"), devices).index()).isEqualTo(3);
    assertThatThrownBy(() -> CudaBuild.choose(List.of("1"), devices))
        .hasMessageStartingWith(
            "cannot compute on a GPU: Spark gave the executor device 1, and there are device 0 (");
    assertThatThrownBy(() -> CudaBuild.choose(List.of(), devices))
        .hasMessageStartingWith(
            "cannot compute on a GPU: the executor has 0 of Spark's gpu resources, expected 1");
    assertThatThrownBy(() -> CudaBuild.choose(List.of("0", "3"), devices))
        .hasMessageContaining("has 2 of Spark's gpu resources");
    assertThatThrownBy(() -> CudaBuild.choose(List.of("0"), List.of()))
        .hasMessageStartingWith("cannot compute on a GPU: the driver finds no device; this build");
  }

  /** A driver, and Spark in one process, are given no address. */
  @Test
  void aProcessWithoutAddressesTakesTheFirstFreeDevice() {
    List<Gpu> devices =
        List.of(gpu(0, "7.0", "580.65.06"), gpu(1, "9.0", "580.65.06"), gpu(2, "9.0", "580.65.06"));
    DeviceClaim first = ProcessDevice.firstFree(devices, folder);
    DeviceClaim second = ProcessDevice.firstFree(devices, folder);
    assertThat(first.device().index()).isEqualTo(1);
    assertThat(second.device().index()).isEqualTo(2);
    assertThat(List.of(first.lock(), second.lock())).allMatch(FileLock::isValid);
    assertThatThrownBy(() -> ProcessDevice.firstFree(devices, folder))
        .hasMessageContaining("device 2 (NVIDIA Test")
        .hasMessageContaining("was given to two processes of this host");
    assertThatThrownBy(() -> ProcessDevice.firstFree(List.of(), folder))
        .hasMessageStartingWith("cannot compute on a GPU: the driver finds no device; this build");
  }

  @Test
  void twoProcessesDoNotShareADevice() {
    Gpu device = gpu(1, "8.0", "580.65.06");
    DeviceClaim first = DeviceClaim.of(device, folder);
    DeviceClaim other = DeviceClaim.of(gpu(2, "8.0", "580.65.06"), folder);
    assertThat(first.device()).isEqualTo(device);
    assertThat(other.device().index()).isEqualTo(2);
    assertThat(List.of(first.lock(), other.lock())).allMatch(FileLock::isValid);
    assertThatThrownBy(() -> DeviceClaim.of(device, folder))
        .isInstanceOf(UnusableDeviceException.class)
        .hasMessageStartingWith(
            "device 1 (NVIDIA Test, compute capability 8.0, driver 580.65.06) was given to two"
                + " processes of this host: another one holds "
                + folder.resolve("bellows-" + System.getProperty("user.name") + "-GPU-1.lock"));
  }

  /** So that the next device is tried. */
  @Test
  void aDeviceWhoseFileCannotBeLockedIsUnusable() throws IOException {
    Gpu device = gpu(1, "8.0", "580.65.06");
    Path file = folder.resolve("bellows-" + System.getProperty("user.name") + "-GPU-1.lock");
    Files.createDirectory(file);
    assertThatThrownBy(() -> DeviceClaim.of(device, folder))
        .isInstanceOf(UnusableDeviceException.class)
        .hasMessageStartingWith("cannot lock " + file + " for device 1 (NVIDIA Test");
    Gpu next = gpu(2, "8.0", "580.65.06");
    assertThat(ProcessDevice.firstFree(List.of(device, next), folder).device()).isEqualTo(next);
  }

  @Test
  void aToolThatHangsIsEnded() throws IOException {
    Path program = program("exec sleep 60");
    assertThatThrownBy(() -> new NvidiaSmi(program.toString(), 0).devices())
        .hasMessageContaining("nvidia-smi does not end within 0 s; ");
  }

  @Test
  void roundedProductsNeedCapability8() {
    CudaBuild.requireRoundedProducts(gpu(0, "8.0", "580.65.06"), "tf32");
    CudaBuild.requireRoundedProducts(gpu(0, "10.0", "580.65.06"), "bfloat16");
    assertThatThrownBy(
            () -> CudaBuild.requireRoundedProducts(gpu(0, "7.5", "580.65.06"), "bfloat16"))
        .isInstanceOf(UnusableDeviceException.class)
        .hasMessage(
            "device 0 (NVIDIA Test, compute capability 7.5, driver 580.65.06) has no products of"
                + " bfloat16, which need compute capability 8.0 or higher; allowed there: float32");
  }

  @Test
  void aBundleWithoutLibrariesForGpusSaysSo() {
    assertThat(CudaBuild.isThis()).isFalse();
    assertThatThrownBy(CudaBuild::require)
        .hasMessage(
            "cannot compute on a GPU: this bundle holds no libraries for GPUs; build it"
                + " with Maven's profile gpu, or compute on the cpu");
  }
}
