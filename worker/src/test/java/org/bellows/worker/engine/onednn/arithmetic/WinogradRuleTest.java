// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine.onednn.arithmetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bytedeco.dnnl.global.dnnl.dnnl_cpu_isa_avx2;
import static org.bytedeco.dnnl.global.dnnl.dnnl_cpu_isa_avx512_core;
import static org.bytedeco.dnnl.global.dnnl.dnnl_cpu_isa_avx512_core_bf16;

import org.bellows.conf.EvaluateSettings;
import org.bellows.conf.Precision;
import org.bellows.conf.TrainSettings;
import org.bellows.worker.engine.Arithmetic;
import org.bellows.worker.engine.InferenceArithmetic;
import org.junit.jupiter.api.Test;

class WinogradRuleTest {
  private static final long[] ONE = {1, 1};
  private static final long[] NONE = {0, 0};

  /** A convolution that keeps the size of its maps. */
  private static boolean suits(long samples, long channels, long maps, long side, long kernel) {
    return WinogradRule.suitsTraining(
        new long[] {samples, channels, side, side},
        new long[] {samples, maps, side, side},
        new long[] {maps, channels, kernel, kernel},
        ONE,
        NONE);
  }

  @Test
  void takesWindowsOfThreeByThreeOfWholeRegisters() {
    assertThat(suits(8, 64, 128, 28, 3)).isTrue();
    assertThat(suits(8, 64, 128, 28, 1)).as("1 x 1").isFalse();
    assertThat(suits(8, 64, 128, 28, 5)).as("5 x 5").isFalse();
    assertThat(suits(8, 3, 64, 224, 3)).as("an image").isFalse();
    assertThat(suits(8, 64, 24, 28, 3)).as("half a register of maps").isFalse();
  }

  @Test
  void leavesWindowsThatJumpHaveGapsOrSeeOneChannel() {
    long[] input = {8, 64, 28, 28};
    long[] weights = {64, 64, 3, 3};
    long[] depthwise = {64, 1, 1, 3, 3};
    long[] two = {2, 2};
    assertThat(WinogradRule.suitsTraining(input, input, weights, ONE, NONE)).isTrue();
    assertThat(WinogradRule.suitsTraining(input, new long[] {8, 64, 14, 14}, weights, two, NONE))
        .isFalse();
    assertThat(WinogradRule.suitsTraining(input, input, weights, ONE, ONE)).as("dilated").isFalse();
    assertThat(WinogradRule.suitsTraining(input, new long[] {8, 64, 30, 30}, weights, ONE, NONE))
        .as("padded by two")
        .isFalse();
    assertThat(WinogradRule.suitsTraining(input, input, depthwise, ONE, NONE))
        .as("depthwise")
        .isFalse();
  }

  /** Maps of 7 x 7 are four tiles, so eight of them 32. */
  @Test
  void wantsTilesEnoughToPayForTheTransformsOfTheWeights() {
    assertThat(suits(8, 512, 512, 7, 3)).isTrue();
    assertThat(suits(7, 512, 512, 7, 3)).isFalse();
    assertThat(suits(1, 64, 64, 21, 3)).as("6 x 6 tiles").isTrue();
    assertThat(suits(1, 64, 64, 20, 3)).as("5 x 5 tiles").isFalse();
  }

  /** The answer to a picture must not depend on those beside it. */
  @Test
  void looksAtOnePictureInInference() {
    long[] weights = {512, 512, 3, 3};
    for (long samples : new long[] {1, 4, 64}) {
      long[] seven = {samples, 512, 7, 7};
      long[] four = {samples, 512, 4, 4};
      assertThat(WinogradRule.suitsInference(seven, seven, weights, ONE, NONE)).isTrue();
      assertThat(WinogradRule.suitsInference(four, four, weights, ONE, NONE)).isFalse();
    }
  }

  @Test
  void aProcessorWithoutTheInstructionsRefusesInWords() {
    Arithmetic winograd = new Arithmetic(TrainSettings.Convolutions.WINOGRAD, Precision.FLOAT32);
    assertThat(Processor.refusal(winograd, dnnl_cpu_isa_avx2))
        .contains(
            "train.convolutions is winograd, which needs a processor with AVX-512, and this one"
                + " has none; allowed here: direct");
    assertThat(Processor.refusal(winograd, dnnl_cpu_isa_avx512_core)).isEmpty();
    Arithmetic columns = new Arithmetic(TrainSettings.Convolutions.COLUMNS, Precision.FLOAT32);
    assertThat(Processor.refusal(columns, dnnl_cpu_isa_avx2)).isEmpty();
    Arithmetic bfloat16 = new Arithmetic(TrainSettings.Convolutions.DIRECT, Precision.BFLOAT16);
    assertThat(Processor.refusal(bfloat16, dnnl_cpu_isa_avx512_core))
        .contains(
            "train.precision is bfloat16, which needs a processor with AVX-512 and its bfloat16"
                + " instructions, and this one has none; allowed here: float32");
    assertThat(Processor.refusal(bfloat16, dnnl_cpu_isa_avx512_core_bf16)).isEmpty();
    Arithmetic inference =
        Arithmetic.ofInference(
            new InferenceArithmetic(
                EvaluateSettings.InferenceConvolutions.DIRECT, Precision.BFLOAT16));
    assertThat(Processor.refusal(inference, dnnl_cpu_isa_avx512_core))
        .contains(
            "evaluate.precision is bfloat16, which needs a processor with AVX-512 and its bfloat16"
                + " instructions, and this one has none; allowed here: float32");
    assertThat(Processor.refusal(inference, dnnl_cpu_isa_avx512_core_bf16)).isEmpty();
    assertThat(Processor.refusal(Arithmetic.USUAL, dnnl_cpu_isa_avx2)).isEmpty();
    Arithmetic answers =
        Arithmetic.ofInference(
            new InferenceArithmetic(
                EvaluateSettings.InferenceConvolutions.WINOGRAD, Precision.FLOAT32));
    assertThat(Processor.refusal(answers, dnnl_cpu_isa_avx512_core)).isEmpty();
    assertThat(Processor.refusal(answers, dnnl_cpu_isa_avx2))
        .contains(
            "evaluate.convolutions is winograd, which needs a processor with AVX-512, and this one"
                + " has none; allowed here: direct");
  }
}
