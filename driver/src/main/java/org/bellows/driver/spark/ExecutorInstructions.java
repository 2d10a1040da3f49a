// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.spark;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.bellows.conf.ConfigurationException;
import org.bellows.conf.Problem;
import org.bellows.conf.TrainSettings;
import org.bellows.conf.text.ValueText;
import org.bellows.conf.text.Words;
import org.bellows.worker.engine.onednn.OneDnnEngineProvider;
import org.bellows.worker.engine.torch.TorchEngineProvider;
import org.bellows.worker.processor.InstructionLimit;
import org.bellows.worker.processor.InstructionSet;

/**
 * {@code train.instruction-set} in the environment of executors, where native libraries read it as
 * they are loaded: oneDNN, that of ND4J and PyTorch too; OpenBLAS, which {@code train.step-engine =
 * dl4j} and {@code torch} compute with; and PyTorch's own code.
 */
final class ExecutorInstructions {
  private static final String ONEDNN_LIMIT = "ONEDNN_MAX_CPU_ISA";
  private static final String OPENBLAS_CORE = "OPENBLAS_CORETYPE";
  private static final String PYTORCH_LIMIT = "ATEN_CPU_CAPABILITY";

  private ExecutorInstructions() {}

  static void setLimit(SparkConf conf, TrainSettings train) {
    if (train.instructionSet() != TrainSettings.InstructionSet.AUTO) {
      InstructionSet limit = InstructionSet.limit(train.instructionSet(), train.precision());
      limits(limit).forEach((name, value) -> conf.set("spark.executorEnv." + name, value));
    }
  }

  /** In the order in which messages name them. */
  private static Map<String, String> limits(InstructionSet limit) {
    Map<String, String> limits = new LinkedHashMap<>();
    limits.put(OPENBLAS_CORE, limit == InstructionSet.AVX2 ? "Haswell" : "SkylakeX");
    limits.put(PYTORCH_LIMIT, limit == InstructionSet.AVX2 ? "avx2" : "avx512");
    limits.put(ONEDNN_LIMIT, limit.environment());
    return limits;
  }

  /**
   * The same for a master in this process, whose environment nothing can change any more.
   *
   * @throws ConfigurationException where a library of the engine would not be limited
   */
  static void limitThisProcess(TrainSettings train, Map<String, String> environment) {
    if (train.instructionSet() == TrainSettings.InstructionSet.AUTO) {
      return;
    }
    InstructionSet limit = InstructionSet.limit(train.instructionSet(), train.precision());
    Map<String, String> needed = limits(limit);
    List<String> decisive =
        switch (train.stepEngine()) {
          case OneDnnEngineProvider.NAME -> List.of();
          case TorchEngineProvider.NAME -> List.copyOf(needed.keySet());
          default -> List.of(OPENBLAS_CORE);
        };
    if (!decisive.stream().allMatch(name -> needed.get(name).equals(environment.get(name)))) {
      throw new ConfigurationException(
          List.of(
              new Problem(
                  "train.instruction-set",
                  "is %s, but train.step-engine = %s computes with libraries that read their limits when this process starts; start it with the environment %s, or without a local master"
                      .formatted(
                          ValueText.name(train.instructionSet()),
                          train.stepEngine(),
                          Words.and(
                              needed.entrySet().stream()
                                  .map(each -> each.getKey() + "=" + each.getValue())
                                  .toList())))));
    }
    InstructionLimit.set(limit);
  }
}
