// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.torch.pass;

import java.util.function.Supplier;
import org.bellows.conf.BellowsException;
import org.bytedeco.pytorch.Context;
import org.bytedeco.pytorch.global.torch;

/**
 * What makes a GPU repeat its bits: algorithms are chosen by rule and never by timing, an operation
 * that adds in any order is an error, cuBLAS has a fixed workspace on the one stream. These are
 * settings of PyTorch for the whole process (PyTorch, "Reproducibility"; cuBLAS, "Results
 * reproducibility").
 */
public final class GpuRules {
  /** cuBLAS reads it when it starts. */
  public static final String WORKSPACE = "CUBLAS_WORKSPACE_CONFIG";

  /** Eight buffers of 4096 KiB. */
  public static final String FIXED = ":4096:8";

  private GpuRules() {}

  /** Before anything computes on a GPU. */
  static void apply() {
    requireWorkspace(System.getenv(WORKSPACE));
    set();
  }

  /**
   * @param value of the environment variable; null: it is not set
   */
  static void requireWorkspace(String value) {
    if (!FIXED.equals(value)) {
      throw BellowsException.infrastructure(
          "this process was started with %s, but cuBLAS repeats its bits only with %s=%s: set it in the environment (bin/bellows and spark.executorEnv do)"
              .formatted(
                  value == null ? "no " + WORKSPACE : WORKSPACE + "=" + value, WORKSPACE, FIXED),
          null);
    }
  }

  static void set() {
    Context context = torch.globalContext();
    context.setBenchmarkCuDNN(false);
    context.setDeterministicCuDNN(true);
    context.setDeterministicAlgorithms(true, false);
    // All memory that is taken is written before it is read.
    context.setDeterministicFillUninitializedMemory(false);
    // Parts of a sum are kept in float32.
    context.setAllowBF16ReductionCuBLAS(false);
  }

  /**
   * Whether products are of tf32 is read when they are launched, and is one setting for all threads
   * of a process.
   */
  static synchronized <T> T launch(boolean isTf32, Supplier<T> launch) {
    Context context = torch.globalContext();
    context.setAllowTF32CuBLAS(isTf32);
    context.setAllowTF32CuDNN(isTf32);
    return launch.get();
  }
}
