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
 *
 * <p>A limit: for a convolution PyTorch tries cuDNN's algorithms in the order of cuDNN's
 * heuristics, and takes the next one where the memory for a workspace is not free (Conv_v8.cpp,
 * {@code try_configs}). Where a device is nearly full, the bits can depend on what else takes its
 * memory.
 */
public final class GpuRules {
  /** cuBLAS reads it when it starts. */
  public static final String WORKSPACE = "CUBLAS_WORKSPACE_CONFIG";

  /** Eight buffers of 4096 KiB. */
  public static final String FIXED = ":4096:8";

  /** CUDA reads it when it starts. */
  public static final String ORDER = "CUDA_DEVICE_ORDER";

  public static final String BY_BUS = "PCI_BUS_ID";

  private static final String VISIBLE = "CUDA_VISIBLE_DEVICES";

  private GpuRules() {}

  /** Before anything computes on a GPU. */
  static void apply() {
    requireWorkspace(System.getenv(WORKSPACE));
    requireNumbers(System.getenv(ORDER), System.getenv(VISIBLE));
    set();
  }

  /**
   * @param value of the environment variable; null: it is not set
   */
  static void requireWorkspace(String value) {
    if (!FIXED.equals(value)) {
      throw BellowsException.infrastructure(
          "this process was started with %s, but cuBLAS repeats its bits only with %s=%s: set it in the environment (bin/bellows and spark.executorEnv do)"
              .formatted(stated(WORKSPACE, value), WORKSPACE, FIXED),
          null);
    }
  }

  /**
   * Else the device that was chosen by nvidia-smi's number would be another one of CUDA's.
   *
   * @param order value of the environment variable; null: it is not set
   * @param visible value of the environment variable; null: it is not set
   */
  static void requireNumbers(String order, String visible) {
    if (!BY_BUS.equals(order) || visible != null) {
      throw BellowsException.infrastructure(
          "this process was started with %s and %s, but CUDA numbers devices as nvidia-smi does only with %s=%s (bin/bellows and spark.executorEnv set it) and without %s"
              .formatted(stated(ORDER, order), stated(VISIBLE, visible), ORDER, BY_BUS, VISIBLE),
          null);
    }
  }

  private static String stated(String variable, String value) {
    return value == null ? "no " + variable : variable + "=" + value;
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
