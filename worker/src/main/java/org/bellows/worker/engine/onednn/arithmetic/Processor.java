// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.arithmetic;

import static org.bytedeco.dnnl.global.dnnl.dnnl_cpu_isa_avx512_core;
import static org.bytedeco.dnnl.global.dnnl.dnnl_cpu_isa_avx512_core_bf16;
import static org.bytedeco.dnnl.global.dnnl.dnnl_get_effective_cpu_isa;

import java.util.Optional;
import org.bellows.conf.Precision;
import org.bellows.conf.TrainSettings;
import org.bellows.worker.engine.Arithmetic;

/** What oneDNN may use of this processor; the environment variable ONEDNN_MAX_CPU_ISA limits it. */
public final class Processor {
  private Processor() {}

  private static boolean has(int instructions, int wanted) {
    return (instructions & wanted) == wanted;
  }

  /**
   * @return why not, as a sentence; empty where the processor can compute in it
   */
  public static Optional<String> refusal(Arithmetic arithmetic) {
    return refusal(arithmetic, dnnl_get_effective_cpu_isa());
  }

  /**
   * @param instructions that the processor has, a dnnl_cpu_isa_t
   */
  static Optional<String> refusal(Arithmetic arithmetic, int instructions) {
    if (!has(instructions, dnnl_cpu_isa_avx512_core)) {
      Optional<String> refusal =
          ofWinograd("train.convolutions", arithmetic.convolutions().name())
              .or(
                  () ->
                      ofWinograd(
                          "evaluate.convolutions", arithmetic.inference().convolutions().name()));
      if (refusal.isPresent()) {
        return refusal;
      }
    }
    if (has(instructions, dnnl_cpu_isa_avx512_core_bf16)) {
      return Optional.empty();
    }
    return refusal("train.precision", arithmetic.precision())
        .or(() -> refusal("evaluate.precision", arithmetic.inference().precision()));
  }

  /** Without AVX-512. */
  private static Optional<String> ofWinograd(String key, String convolutions) {
    return convolutions.equals(TrainSettings.Convolutions.WINOGRAD.name())
        ? Optional.of(
            key
                + " is winograd, which needs a processor with AVX-512, and this one has none;"
                + " allowed here: direct")
        : Optional.empty();
  }

  /** Without the instructions of bfloat16. */
  private static Optional<String> refusal(String key, Precision precision) {
    return precision != Precision.BFLOAT16
        ? Optional.empty()
        : Optional.of(
            key
                + " is bfloat16, which needs a processor with AVX-512 and its bfloat16"
                + " instructions, and this one has none; allowed here: float32");
  }
}
