// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.device;

import static org.assertj.core.api.Assertions.assertThat;

import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Texts of PyTorch 2.x, CUDA, cuDNN and cuBLAS. */
class DeviceErrorsTest {
  @Test
  void outOfMemoryNamesTheBatch() {
    String said =
        "CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a total capacity of 79.15 GiB of"
            + " which 1.21 GiB is free. If reserved but unallocated memory is large try setting"
            + " PYTORCH_ALLOC_CONF=expandable_segments:True\nException raised from malloc at"
            + " CUDACachingAllocator.cpp:1";
    assertThat(DeviceErrors.translate(new RuntimeException(said), "cuda:0"))
        .isInstanceOf(UnusableDeviceException.class)
        .hasMessage(
            "cuda:0 is out of memory (CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0 has a"
                + " total capacity of 79.15 GiB of which 1.21 GiB is free.); set a smaller"
                + " train.lane-batch (train --dry-run forecasts what it takes), in evaluations"
                + " evaluate.batch");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "CUDA error: out of memory|is out of memory|true",
        "CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`|is out of memory|true",
        "cuDNN error: CUDNN_STATUS_ALLOC_FAILED|is out of memory|true",
        "[enforce fail at alloc_cpu.cpp:127] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to allocate 8 bytes.|is out of memory|true",
        "GET was unable to find an engine to execute this computation|has no algorithm of cuDNN for a convolution|true",
        "CUDA driver version is insufficient for CUDA runtime version|has a driver that does not fit|true",
        "The NVIDIA driver on your system is too old (found version 12040).|has a driver that does not fit|true",
        "Found no NVIDIA driver on your system.|has a driver that does not fit|true",
        "CUDA error: the provided PTX was compiled with an unsupported toolchain.|has a driver that does not fit|true",
        "CUDA error: no kernel image is available for execution on the device|holds no machine code|true",
        "CUDA error: uncorrectable ECC error encountered|has an error of its hardware|false",
        "CUDA error: uncorrectable NVLink error detected during the execution|has an error of its hardware|false",
        "CUDA error: all CUDA-capable devices are busy or unavailable|is lost, or another process|false",
        "CUDA error: no CUDA-capable device is detected|is lost, or another process|false",
        "CUDA error: invalid device ordinal|is lost, or another process|false",
        "CUDA error: unspecified launch failure|could not run an operation|false",
        "CUDA error: an illegal memory access was encountered|could not run an operation|false",
        "CUDA error: the launch timed out and was terminated|could not run an operation|false",
        "CUDA error: device-side assert triggered|could not run an operation|false",
        "cuDNN error: CUDNN_STATUS_EXECUTION_FAILED|could not run an operation|false"
      })
  void failuresOfADeviceAreThoseOfTheInfrastructure(String said, String what, boolean isLasting) {
    RuntimeException cause = new RuntimeException(said + "\nException raised from here");
    RuntimeException error = DeviceErrors.translate(cause, "cuda:1");
    assertThat(error)
        .isInstanceOf(BellowsException.class)
        .hasMessageStartingWith("cuda:1 ")
        .hasMessageContaining(what)
        .hasMessageContaining("(" + said + "); ")
        .hasCause(cause);
    assertThat(((BellowsException) error).category()).isEqualTo(ErrorCategory.INFRASTRUCTURE);
    // Either nothing can be done, or another process can do it.
    assertThat(error)
        .isInstanceOf(isLasting ? UnusableDeviceException.class : FailedDeviceException.class);
    assertThat(DeviceErrors.translate(cause, "cpu"))
        .as("a processor's process goes on")
        .isInstanceOf(BellowsException.class)
        .isNotInstanceOf(FailedDeviceException.class);
  }

  @Test
  void otherErrorsStayWhatTheyAre() {
    RuntimeException shape = new RuntimeException("mat1 and mat2 shapes cannot be multiplied");
    assertThat(DeviceErrors.translate(shape, "cpu")).isSameAs(shape);
    BellowsException own = BellowsException.data("a picture is out of memory", null);
    assertThat(DeviceErrors.translate(own, "cpu")).isSameAs(own);
  }
}
