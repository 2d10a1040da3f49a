// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.bellows.conf.ErrorCategory;
import org.bellows.conf.Precision;
import org.bellows.conf.TrainSettings;
import org.bellows.conf.load.SettingsLoader;
import org.junit.jupiter.api.Test;

class CommonProcessorTest {
  private static final RankProcessor GENOA =
      new RankProcessor(InstructionSet.AVX512_BFLOAT16, "Genoa", "32 KiB", "libraries 1");
  private static final RankProcessor MILAN =
      new RankProcessor(InstructionSet.AVX2, "Milan", "32 KiB", "libraries 1");

  private static CommonProcessor.Agreement agree(List<RankProcessor> ranks, String... settings) {
    List<String> hosts = IntStream.range(0, ranks.size()).mapToObj(rank -> "host" + rank).toList();
    TrainSettings train =
        new SettingsLoader().set(List.of(settings)).load(List.of(), List.of()).train();
    return new CommonProcessor(hosts, ranks).agree(train);
  }

  @Test
  void equalOnesNeedNoLimit() {
    RankProcessor skylake =
        new RankProcessor(InstructionSet.AVX512, "Skylake", GENOA.caches(), GENOA.libraries());
    CommonProcessor.Agreement agreement = agree(List.of(GENOA, GENOA, skylake));
    assertThat(agreement.limit()).isEmpty();
    assertThat(agreement.notes()).isEmpty();
  }

  @Test
  void unequalOnesTakeWhatAllHave() {
    CommonProcessor.Agreement agreement = agree(List.of(GENOA, MILAN));
    assertThat(agreement.limit()).contains(InstructionSet.AVX2);
    assertThat(agreement.notes())
        .containsExactly(
            "the executors have different instructions: rank 0 on host0 AVX-512 with bfloat16"
                + " (Genoa) and rank 1 on host1 AVX2 (Milan); all compute with AVX2, which all have"
                + " (train.instruction-set = auto)");
  }

  @Test
  void otherCachesAreNamed() {
    RankProcessor intel =
        new RankProcessor(InstructionSet.AVX2, "Xeon", "48 KiB", MILAN.libraries());
    CommonProcessor.Agreement agreement = agree(List.of(MILAN, intel));
    assertThat(agreement.limit()).isEmpty();
    assertThat(agreement.notes())
        .containsExactly(
            "the executors have caches of different sizes (rank 0 on host0 32 KiB and rank 1 on"
                + " host1 48 KiB for each core), by which oneDNN forms blocks: the result's bits"
                + " depend on which executor computes which lane");
  }

  @Test
  void whoLacksWhatIsAskedForIsNamed() {
    assertThatThrownBy(() -> agree(List.of(GENOA, MILAN), "train.instruction-set=avx512"))
        .isInstanceOf(UnlikeExecutorsException.class)
        .hasMessage(
            "train.instruction-set asks for AVX-512, but rank 1 on host1 has AVX2 (Milan); allowed:"
                + " what all executors have, or hosts that have it")
        .extracting(failure -> ((UnlikeExecutorsException) failure).category())
        .isEqualTo(ErrorCategory.CONFIGURATION);
  }

  @Test
  void otherLibrariesAreRefused() {
    RankProcessor older =
        new RankProcessor(InstructionSet.AVX2, "Milan", MILAN.caches(), "libraries 0");
    assertThatThrownBy(() -> agree(List.of(MILAN, older)))
        .hasMessage(
            "rank 1 on host1 has libraries 0, but rank 0 on host0 has libraries 1; all executors"
                + " need the same Bellows");
  }

  @Test
  void whatCannotBeLimitedWhileItRunsIsRefused() {
    assertThatThrownBy(() -> agree(List.of(GENOA, MILAN), "train.step-engine=dl4j"))
        .hasMessageEndingWith(
            ", and train.step-engine = dl4j cannot be limited once it runs; set"
                + " train.instruction-set");
  }

  @Test
  void otherInstructionsOfPyTorchAreNoOtherBellows() {
    assertThatThrownBy(
            () ->
                agree(
                    List.of(with(GENOA, "AVX512"), with(MILAN, "AVX2")), "train.step-engine=torch"))
        .hasMessageStartingWith("the executors have different instructions")
        .hasMessageEndingWith(
            "train.step-engine = torch cannot be limited once it runs; set train.instruction-set");
  }

  private static RankProcessor gpu(String name, String capability) {
    return new RankProcessor(
        InstructionSet.AVX2,
        "Milan",
        "32 KiB",
        "libraries 1",
        Optional.of(new RankProcessor.Gpu(name, capability)));
  }

  private static CommonProcessor.Agreement agreeOnGpus(RankProcessor... ranks) {
    return new CommonProcessor(List.of("host0", "host1"), List.of(ranks)).agreeOnGpus();
  }

  @Test
  void gpusOfAnotherCapabilityAreRefusedAndOthersAreNoted() {
    RankProcessor hopper = gpu("NVIDIA H100", "9.0");
    assertThat(RankProcessor.parse(hopper.text())).isEqualTo(hopper);
    assertThat(agreeOnGpus(hopper, gpu("NVIDIA H100", "9.0")).notes()).isEmpty();
    assertThat(agreeOnGpus(hopper, gpu("NVIDIA H200", "9.0")).notes())
        .containsExactly(
            "the executors have different GPUs (rank 0 on host0 NVIDIA H100 (compute capability"
                + " 9.0) and rank 1 on host1 NVIDIA H200 (compute capability 9.0)), for which"
                + " libraries may choose different algorithms: the result's bits may depend on"
                + " which executor computes which lane");
    assertThatThrownBy(() -> agreeOnGpus(hopper, gpu("NVIDIA A100", "8.0")))
        .isInstanceOf(UnlikeExecutorsException.class)
        .hasMessage(
            "the executors' GPUs have different compute capabilities (rank 0 on host0 NVIDIA H100"
                + " (compute capability 9.0) and rank 1 on host1 NVIDIA A100 (compute capability"
                + " 8.0)), and the result's bits would depend on which executor computes which"
                + " lane; give the run devices of one kind");
  }

  @Test
  void aRunThatGoesOnWithAnotherGpuSaysSo() {
    assertThat(
            gpu("NVIDIA H100", "9.0")
                .difference(
                    7,
                    Map.of("gpu", "NVIDIA A100 (compute capability 8.0)", "natives", "natives"),
                    Precision.TF32))
        .hasValueSatisfying(
            said ->
                assertThat(said)
                    .startsWith(
                        "steps before 7 were computed with NVIDIA A100 (compute capability 8.0)"));
    assertThat(
            gpu("NVIDIA H100", "9.0")
                .difference(
                    7,
                    Map.of("gpu", "NVIDIA H100 (compute capability 9.0)", "natives", "natives"),
                    Precision.TF32))
        .isEmpty();
  }

  private static RankProcessor with(RankProcessor rank, String ofPyTorch) {
    String libraries = "%s, PyTorch 2.13.0 (%s)".formatted(rank.libraries(), ofPyTorch);
    return new RankProcessor(rank.instructions(), rank.model(), rank.caches(), libraries);
  }
}
