// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.compatibility;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bellows.conf.load.SettingsLoader;
import org.bellows.worker.processor.CommonProcessor;
import org.bellows.worker.processor.InstructionLimit;
import org.bellows.worker.processor.InstructionSet;
import org.bellows.worker.processor.RankProcessor;
import org.bellows.worker.processor.UnlikeExecutorsException;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A process on a processor with more instructions that meets one with fewer computes the bits of
 * that one; the environment variable of oneDNN makes this machine the one with fewer.
 */
@Tag("integration")
@Tag("instructions")
@Timeout(300)
class LimitedInstructionsTest {
  private static final String NETWORK = "resnet20-cifar";
  private static final String PRECISION = "train.precision=";
  private static final String FLOAT32 = "float32";
  private static final String PARAMETERS = "=parameters-sha256=";
  private static final String BFLOAT16 = "bfloat16";

  /** RANK PRECISION: a process of its own, as oneDNN is limited once. Prints what it comes to. */
  public static void main(String[] args) {
    RankProcessor here = RankProcessor.here();
    List<RankProcessor> ranks = new ArrayList<>(List.of(here));
    Optional.of(args[0])
        .filter(text -> !text.isEmpty())
        .map(RankProcessor::parse)
        .ifPresent(ranks::add);
    CommonProcessor.Agreement agreement =
        new CommonProcessor(List.of("here", "there").subList(0, ranks.size()), ranks)
            .agree(
                new SettingsLoader()
                    .set(List.of(PRECISION + args[1]))
                    .load(List.of(), List.of())
                    .train());
    agreement.limit().ifPresent(InstructionLimit::set);
    StepBitsTest.train(NETWORK, Path.of("/nowhere"), PRECISION + args[1])
        .forEach((key, value) -> print(key, value));
    print("instructions", RankProcessor.here().instructions());
    try {
      InstructionLimit.set(InstructionSet.AVX2);
      print("later", "limited");
    } catch (UnlikeExecutorsException e) {
      print("later", e.getMessage());
    }
  }

  private static void print(String key, Object value) {
    System.out.println("=" + key + "=" + value);
  }

  @Test
  void unequalProcessorsComputeTheSameBits() throws IOException, InterruptedException {
    RankProcessor here = RankProcessor.here();
    Assumptions.assumeTrue(
        here.instructions().compareTo(InstructionSet.AVX512) >= 0, "this processor has no AVX-512");
    RankProcessor weaker =
        new RankProcessor(InstructionSet.AVX2, "another", here.caches(), here.libraries());
    List<String> limitedByMeeting = child("ALL", weaker.text(), FLOAT32);
    List<String> limitedFromOutside = child("AVX2", "", FLOAT32);
    List<String> unlimited = child("ALL", "", FLOAT32);
    assertThat(limitedByMeeting).isEqualTo(limitedFromOutside);
    assertThat(limitedByMeeting).contains("=instructions=AVX2", "=later=limited");
    assertThat(unlimited).contains("=instructions=" + here.instructions());
    assertThat(unlimited.get(3)).startsWith(PARAMETERS).isNotEqualTo(limitedByMeeting.get(3));
    assertThat(unlimited)
        .contains(
            "=later=this process has computed with %s, and from now on the run computes with AVX2, which oneDNN can only be told before it computes; the same command resumes in new processes"
                .formatted(here.instructions().title()));
  }

  @Test
  void amxDecidesBitsOfBfloat16Alone() throws IOException, InterruptedException {
    RankProcessor here = RankProcessor.here();
    Assumptions.assumeTrue(
        here.instructions() == InstructionSet.AMX, "this processor has no AMX, or may not use it");
    assertThat(parameters(child("ALL", "", FLOAT32)))
        .as("float32 with AMX, and with AVX-512 alone")
        .isEqualTo(parameters(child("AVX512_CORE", "", FLOAT32)));
    RankProcessor weaker =
        new RankProcessor(
            InstructionSet.AVX512_BFLOAT16, "another", here.caches(), here.libraries());
    List<String> limitedByMeeting = child("ALL", weaker.text(), BFLOAT16);
    assertThat(limitedByMeeting).contains("=instructions=AVX512_BFLOAT16");
    assertThat(parameters(limitedByMeeting))
        .as("bfloat16 of a process that met one without AMX")
        .isEqualTo(parameters(child("AVX512_CORE_BF16", "", BFLOAT16)))
        .isNotEqualTo(parameters(child("ALL", "", BFLOAT16)));
  }

  private static String parameters(List<String> lines) {
    return lines.stream().filter(line -> line.startsWith(PARAMETERS)).findFirst().orElseThrow();
  }

  /** Lines that it printed, sorted. */
  private static List<String> child(String limit, String other, String precision)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(
            System.getProperty("java.home") + "/bin/java",
            "-Xmx1g",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            LimitedInstructionsTest.class.getName(),
            other,
            precision);
    builder.environment().put("ONEDNN_MAX_CPU_ISA", limit);
    builder.environment().put("OMP_NUM_THREADS", "1");
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    Process process = builder.start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(text).isZero();
    return text.lines().filter(line -> line.startsWith("=")).sorted().toList();
  }
}
