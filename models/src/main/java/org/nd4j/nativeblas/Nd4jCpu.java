// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.nd4j.nativeblas;

/**
 * Brings DL4J's oneDNN layer helpers back. {@code BaseMKLDNNHelper} of 1.0.0-M2.1 asks by
 * reflection for a class of this name, which moved to another package and renamed its method;
 * without it every convolution falls back to im2col and gemm in silence.
 */
public final class Nd4jCpu {
  private Nd4jCpu() {}

  public static final class Environment {
    private static final Environment INSTANCE = new Environment();

    private Environment() {}

    public static Environment getInstance() {
      return INSTANCE;
    }

    public boolean isUseMKLDNN() {
      return org.nd4j.linalg.cpu.nativecpu.bindings.Nd4jCpu.Environment.getInstance().isUseONEDNN();
    }
  }
}
