// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.processor;

import static org.bytedeco.dnnl.global.dnnl.dnnl_cpu_isa_avx2;
import static org.bytedeco.dnnl.global.dnnl.dnnl_cpu_isa_avx512_core;
import static org.bytedeco.dnnl.global.dnnl.dnnl_cpu_isa_avx512_core_amx;
import static org.bytedeco.dnnl.global.dnnl.dnnl_cpu_isa_avx512_core_bf16;
import static org.bytedeco.dnnl.global.dnnl.dnnl_cpu_isa_sse41;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.bellows.conf.Precision;
import org.bellows.conf.TrainSettings;

/** Instruction sets that oneDNN has code for; each includes the one before. */
public enum InstructionSet {
  LESS_THAN_AVX2("less than AVX2", dnnl_cpu_isa_sse41, "SSE41", ""),
  AVX2("AVX2", dnnl_cpu_isa_avx2, "AVX2", "avx2 fma"),
  AVX512(
      "AVX-512",
      dnnl_cpu_isa_avx512_core,
      "AVX512_CORE",
      "avx2 fma avx512f avx512bw avx512vl avx512dq"),
  AVX512_BFLOAT16(
      "AVX-512 with bfloat16",
      dnnl_cpu_isa_avx512_core_bf16,
      "AVX512_CORE_BF16",
      "avx2 fma avx512f avx512bw avx512vl avx512dq avx512_vnni avx512_bf16"),
  AMX(
      "AVX-512 with bfloat16 and AMX",
      dnnl_cpu_isa_avx512_core_amx,
      "AVX512_CORE_AMX",
      "avx2 fma avx512f avx512bw avx512vl avx512dq avx512_vnni avx512_bf16 amx_tile amx_int8 amx_bf16");

  private final String title;
  private final int oneDnn;
  private final String environment;

  /** Words between single spaces. */
  private final String flags;

  InstructionSet(String title, int oneDnn, String environment, String flags) {
    this.title = title;
    this.oneDnn = oneDnn;
    this.environment = environment;
    this.flags = flags;
  }

  private List<String> required() {
    return flags.isEmpty() ? List.of() : List.of(flags.split(" "));
  }

  /** For a person. */
  public String title() {
    return title;
  }

  /** A dnnl_cpu_isa_t. */
  int oneDnn() {
    return oneDnn;
  }

  /** The value of the environment variable ONEDNN_MAX_CPU_ISA that limits oneDNN to it. */
  public String environment() {
    return environment;
  }

  /**
   * The limit that {@code train.instruction-set} sets.
   *
   * @param asked not {@code auto}
   */
  public static InstructionSet limit(TrainSettings.InstructionSet asked, Precision precision) {
    return switch (asked) {
      case AUTO -> throw new IllegalArgumentException("auto is no limit");
      case AVX2 -> AVX2;
      case AVX512 -> precision == Precision.BFLOAT16 ? AVX512_BFLOAT16 : AVX512;
    };
  }

  /**
   * The greatest that a processor has.
   *
   * @param flags as the Linux kernel names them in /proc/cpuinfo
   */
  static InstructionSet ofFlags(Set<String> flags) {
    return greatest(set -> flags.containsAll(set.required()));
  }

  /**
   * The greatest that is part of what oneDNN uses.
   *
   * @param instructions a dnnl_cpu_isa_t
   */
  static InstructionSet ofOneDnn(int instructions) {
    return greatest(set -> (instructions & set.oneDnn) == set.oneDnn);
  }

  /**
   * The greatest that ONEDNN_MAX_CPU_ISA allows.
   *
   * @param value oneDNN takes any letter case; ALL and values that it does not know limit nothing
   */
  static InstructionSet ofEnvironment(String value) {
    return switch (value.toUpperCase(Locale.ROOT)) {
      case "SSE41", "AVX" -> LESS_THAN_AVX2;
      case "AVX2", "AVX2_VNNI", "AVX512_MIC", "AVX512_MIC_4OPS" -> AVX2;
      case "AVX512_CORE", "AVX512_CORE_VNNI" -> AVX512;
      case "AVX512_CORE_BF16" -> AVX512_BFLOAT16;
      default -> AMX;
    };
  }

  private static InstructionSet greatest(Predicate<InstructionSet> isPart) {
    return Arrays.stream(values()).filter(isPart).reduce(LESS_THAN_AVX2, (lower, higher) -> higher);
  }

  /** The set of a {@link #title}. */
  static Optional<InstructionSet> titled(String title) {
    return Arrays.stream(values()).filter(set -> set.title.equals(title)).findFirst();
  }

  /**
   * What of it decides bits: float32 is computed without the instructions for bfloat16 and without
   * AMX (gradients and answers of 16 networks, at least one of each family, had the same bits with
   * and without them, with each of {@code train.convolutions}).
   */
  InstructionSet deciding(Precision precision) {
    return precision == Precision.BFLOAT16 ? this : min(AVX512);
  }

  InstructionSet min(InstructionSet other) {
    return compareTo(other) < 0 ? this : other;
  }
}
