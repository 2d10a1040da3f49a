// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.spark;

import java.util.List;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.bellows.conf.ConfigurationException;
import org.bellows.conf.Problem;
import org.bellows.conf.Settings;
import org.bellows.conf.ValueText;
import org.bellows.worker.processor.InstructionLimit;
import org.bellows.worker.processor.InstructionSet;

/**
 * {@code train.instruction-set} in the environment of executors, where native libraries read it as
 * they are loaded: oneDNN, that of ND4J too, and OpenBLAS, which only {@code train.step-engine =
 * dl4j} computes with.
 */
final class ExecutorInstructions {
  private static final String ONEDNN_LIMIT = "ONEDNN_MAX_CPU_ISA";
  private static final String OPENBLAS_CORE = "OPENBLAS_CORETYPE";

  private ExecutorInstructions() {}

  static void setLimit(SparkConf conf, Settings.Train train) {
    if (train.instructionSet() != Settings.InstructionSet.AUTO) {
      InstructionSet limit = InstructionSet.limit(train.instructionSet(), train.precision());
      conf.set("spark.executorEnv." + ONEDNN_LIMIT, limit.environment());
      conf.set("spark.executorEnv." + OPENBLAS_CORE, core(limit));
    }
  }

  /**
   * The same for a master in this process, whose environment nothing can change any more.
   *
   * @throws ConfigurationException where OpenBLAS would not be limited
   */
  static void limitThisProcess(Settings.Train train, Map<String, String> environment) {
    if (train.instructionSet() == Settings.InstructionSet.AUTO) {
      return;
    }
    InstructionSet limit = InstructionSet.limit(train.instructionSet(), train.precision());
    if (!train.stepEngine().equals("onednn")
        && !core(limit).equals(environment.get(OPENBLAS_CORE))) {
      throw new ConfigurationException(
          List.of(
              new Problem(
                  "train.instruction-set",
                  "is %s, but train.step-engine = %s computes with OpenBLAS, which reads its limit when this process starts; start it with the environment %s=%s and %s=%s, or without a local master"
                      .formatted(
                          ValueText.name(train.instructionSet()),
                          train.stepEngine(),
                          OPENBLAS_CORE,
                          core(limit),
                          ONEDNN_LIMIT,
                          limit.environment()))));
    }
    InstructionLimit.set(limit);
  }

  /** OpenBLAS's name of a processor whose code has these instructions. */
  private static String core(InstructionSet limit) {
    return limit == InstructionSet.AVX2 ? "Haswell" : "SkylakeX";
  }
}
