// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.bellows.conf.TrainSettings;
import org.bellows.conf.load.SettingsLoader;
import org.junit.jupiter.api.Test;

class ExecutorInstructionsTest {

  private static TrainSettings train(String... settings) {
    return new SettingsLoader().set(List.of(settings)).load(List.of(), List.of()).train();
  }

  private static Map<String, String> environment(String... settings) {
    SparkConf conf = new SparkConf(false);
    ExecutorInstructions.setLimit(conf, train(settings));
    return Map.of(
        "oneDNN", conf.get("spark.executorEnv.ONEDNN_MAX_CPU_ISA", ""),
        "OpenBLAS", conf.get("spark.executorEnv.OPENBLAS_CORETYPE", ""),
        "PyTorch", conf.get("spark.executorEnv.ATEN_CPU_CAPABILITY", ""));
  }

  @Test
  void executorsLoadTheirLibrariesWithTheLimit() {
    assertThat(environment()).isEqualTo(Map.of("oneDNN", "", "OpenBLAS", "", "PyTorch", ""));
    assertThat(environment("train.instruction-set=avx2"))
        .isEqualTo(Map.of("oneDNN", "AVX2", "OpenBLAS", "Haswell", "PyTorch", "avx2"));
    assertThat(environment("train.instruction-set=avx512"))
        .isEqualTo(Map.of("oneDNN", "AVX512_CORE", "OpenBLAS", "SkylakeX", "PyTorch", "avx512"));
    assertThat(environment("train.instruction-set=avx512", "train.precision=bfloat16"))
        .containsEntry("oneDNN", "AVX512_CORE_BF16");
  }

  @Test
  void thisProcessCannotLimitWhatReadsItsEnvironment() {
    TrainSettings dl4j = train("train.instruction-set=avx2", "train.step-engine=dl4j");
    assertThatThrownBy(() -> ExecutorInstructions.limitThisProcess(dl4j, Map.of()))
        .hasMessageContaining(
            "train.instruction-set: is avx2, but train.step-engine = dl4j computes with libraries"
                + " that read their limits when this process starts; start it with the environment"
                + " OPENBLAS_CORETYPE=Haswell, ATEN_CPU_CAPABILITY=avx2 and"
                + " ONEDNN_MAX_CPU_ISA=AVX2, or without a local master");
    TrainSettings torch = train("train.instruction-set=avx2", "train.step-engine=torch");
    Map<String, String> ofOpenBlas = Map.of("OPENBLAS_CORETYPE", "Haswell");
    assertThatThrownBy(() -> ExecutorInstructions.limitThisProcess(torch, ofOpenBlas))
        .hasMessageContaining("train.step-engine = torch computes with libraries");
  }
}
