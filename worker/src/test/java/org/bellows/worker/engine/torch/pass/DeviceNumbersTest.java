// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.torch.pass;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Of the environment that a process which computes on a GPU is started with. */
class DeviceNumbersTest {
  @ParameterizedTest
  @CsvSource({
    ",,no CUDA_DEVICE_ORDER and no CUDA_VISIBLE_DEVICES",
    "FASTEST_FIRST,,CUDA_DEVICE_ORDER=FASTEST_FIRST and no CUDA_VISIBLE_DEVICES",
    "PCI_BUS_ID,1,CUDA_DEVICE_ORDER=PCI_BUS_ID and CUDA_VISIBLE_DEVICES=1",
    "PCI_BUS_ID,'',CUDA_DEVICE_ORDER=PCI_BUS_ID and CUDA_VISIBLE_DEVICES="
  })
  void areThoseOfNvidiaSmiOrRefused(String order, String visible, String what) {
    GpuRules.requireNumbers("PCI_BUS_ID", null);
    assertThatThrownBy(() -> GpuRules.requireNumbers(order, visible))
        .hasMessage(
            "this process was started with %s, but CUDA numbers devices as nvidia-smi does only with CUDA_DEVICE_ORDER=PCI_BUS_ID (bin/bellows and spark.executorEnv set it) and without CUDA_VISIBLE_DEVICES"
                .formatted(what));
  }
}
