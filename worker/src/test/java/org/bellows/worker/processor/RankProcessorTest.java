// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bellows.conf.Precision;
import org.bellows.conf.TrainSettings;
import org.bellows.conf.load.SettingsLoader;
import org.bellows.worker.natives.NativeLibraries;
import org.bellows.worker.natives.TorchLibraries;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RankProcessorTest {
  private static final String GENOA =
      "fpu sse4_2 avx avx2 fma fma avx512f avx512dq avx512bw avx512vl avx512_vnni avx512_bf16";
  private static final String AMX = " amx_tile amx_int8 amx_bf16";
  private static final String MILAN = "fpu sse4_2 avx avx2 fma";

  private static final Precision FLOAT32 = Precision.FLOAT32;

  @TempDir private Path folder;

  private static RankProcessor of(String vendor, String flags, Map<String, String> environment) {
    return RankProcessor.of(
        Map.of("vendor_id", vendor, "flags", flags, "model name", "Some CPU"),
        environment,
        Optional.empty(),
        "48, 2048, 1536 KiB",
        "libraries 1");
  }

  @ParameterizedTest
  @CsvSource({
    "fpu avx, LESS_THAN_AVX2",
    MILAN + ", AVX2",
    "avx2 fma avx512f avx512dq avx512bw avx512vl avx512_vnni, AVX512",
    "avx2 fma avx512f, AVX2",
    GENOA + ", AVX512_BFLOAT16",
    GENOA + AMX + ", AMX"
  })
  void theGreatestSetThatAProcessorHasWhole(String flags, InstructionSet expected) {
    assertThat(of("AuthenticAMD", flags, Map.of()).instructions()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "ONEDNN_MAX_CPU_ISA, AVX2, AVX2",
    "ONEDNN_MAX_CPU_ISA, avx512_core, AVX512",
    "DNNL_MAX_CPU_ISA, SSE41, LESS_THAN_AVX2",
    "ONEDNN_MAX_CPU_ISA, AVX512_CORE_AMX, AVX512_BFLOAT16",
    "ONEDNN_MAX_CPU_ISA, ALL, AVX512_BFLOAT16"
  })
  void theEnvironmentLimitsItAndAddsNothing(String name, String value, InstructionSet expected) {
    assertThat(of("AuthenticAMD", GENOA, Map.of(name, value)).instructions()).isEqualTo(expected);
  }

  @Test
  void oneDnnReadsTheCachesOfIntelsProcessorsAlone() {
    assertThat(of("GenuineIntel", MILAN, Map.of()).caches()).isEqualTo("48, 2048, 1536 KiB");
    assertThat(of("AuthenticAMD", MILAN, Map.of()).caches()).isEqualTo("32, 512 and 1024 KiB");
  }

  /** Eight threads of four cores, which share the third level. */
  @Test
  void cachesAreDividedByTheCoresThatShareThem() throws IOException {
    cache(0, "1", "Data", "48K", "0,4");
    cache(1, "1", "Instruction", "32K", "0,4");
    cache(2, "2", "Unified", "2048K", "0,4");
    cache(3, "3", "Unified", "8192K", "0-7");
    assertThat(RankProcessor.cachesOfACore(folder)).isEqualTo("48, 2048, 2048 KiB");
  }

  private void cache(int index, String level, String type, String size, String sharing)
      throws IOException {
    Path cache = Files.createDirectories(folder.resolve("index" + index));
    Files.writeString(cache.resolve("level"), level + "\n");
    Files.writeString(cache.resolve("type"), type + "\n");
    Files.writeString(cache.resolve("size"), size + "\n");
    Files.writeString(cache.resolve("shared_cpu_list"), sharing + "\n");
  }

  @Test
  void onlyTheFirstProcessorOfTheKernelsFileCounts() {
    String text = "processor\t: 0\nmodel name\t: AMD EPYC\n\nprocessor\t: 1\nmodel name\t: other\n";
    assertThat(RankProcessor.cpuInfo(text))
        .containsExactly(Map.entry("processor", "0"), Map.entry("model name", "AMD EPYC"));
  }

  @Test
  void itTravelsAsALine() {
    RankProcessor here = RankProcessor.here();
    assertThat(here.text()).doesNotContain("\n");
    assertThat(RankProcessor.parse(here.text())).isEqualTo(here);
    assertThat(here.libraries()).startsWith(NativeLibraries.load());
    assertThatThrownBy(() -> RankProcessor.parse("AVX2")).hasMessage("no rank's processor: AVX2");
  }

  @Test
  void aCheckpointFromOtherInstructionsOrCachesIsNamed() {
    RankProcessor milan = of("AuthenticAMD", MILAN, Map.of());
    RankProcessor intel = of("GenuineIntel", MILAN, Map.of());
    Map<String, String> before = of("AuthenticAMD", GENOA, Map.of()).provenance();
    assertThat(milan.difference(120, before, FLOAT32))
        .contains(
            "steps before 120 were computed with AVX-512 with bfloat16, those after it with AVX2"
                + " (Some CPU): the result's bits are those of neither");
    assertThat(intel.difference(120, milan.provenance(), FLOAT32))
        .contains(
            "steps before 120 were computed with caches of 32, 512 and 1024 KiB, those after it"
                + " with caches of 48, 2048, 1536 KiB (Some CPU): the result's bits are those of"
                + " neither");
    assertThat(milan.difference(120, milan.provenance(), FLOAT32)).isEmpty();
    RankProcessor genoa = of("AuthenticAMD", GENOA, Map.of());
    RankProcessor skylake = of("AuthenticAMD", GENOA, Map.of("ONEDNN_MAX_CPU_ISA", "AVX512_CORE"));
    assertThat(genoa.difference(120, skylake.provenance(), FLOAT32)).isEmpty();
    RankProcessor amx = of("AuthenticAMD", GENOA + AMX, Map.of());
    assertThat(amx.difference(120, skylake.provenance(), FLOAT32)).isEmpty();
    assertThat(skylake.difference(120, amx.provenance(), FLOAT32)).isEmpty();
    assertThat(genoa.difference(120, skylake.provenance(), Precision.BFLOAT16)).isPresent();
    assertThat(amx.difference(120, genoa.provenance(), Precision.BFLOAT16)).isPresent();
  }

  /** Another training of the same process may have loaded it. */
  @Test
  void pyTorchIsNamedWhereItComputesAndNowhereElse() {
    String version = TorchLibraries.load();
    RankProcessor torch = RankProcessor.of(train("torch"), 1);
    RankProcessor oneDnn = RankProcessor.of(train("onednn"), 1);
    assertThat(torch.libraries()).isEqualTo(NativeLibraries.load() + ", " + version);
    assertThat(torch.provenance().get("natives")).endsWith(", " + version);
    assertThat(oneDnn).isEqualTo(RankProcessor.here());
    assertThat(oneDnn.libraries() + oneDnn.provenance()).doesNotContain("PyTorch");
  }

  /** They are added up in another order than in rows, where builds before had them. */
  @Test
  void aCheckpointFromMapsInRowsIsNamedWhereTheyHaveTheirChannelsLast() {
    String version = TorchLibraries.load();
    RankProcessor last = RankProcessor.of(train("torch"), 3);
    RankProcessor rows = RankProcessor.of(train("torch"), 1);
    assertThat(last.libraries()).isEqualTo(rows.libraries() + " with channels last");
    assertThat(last.difference(9, rows.provenance(), FLOAT32))
        .hasValueSatisfying(
            note ->
                assertThat(note)
                    .startsWith(
                        "steps before 9 were computed with %s, those after it with %s with channels last ("
                            .formatted(version, version)));
    assertThat(last.difference(9, last.provenance(), FLOAT32)).isEmpty();
    assertThat(rows.difference(9, rows.provenance(), FLOAT32)).isEmpty();
  }

  /** Ranks whose processors have other instructions compute the same on equal GPUs. */
  @Test
  void onGpusTheInstructionsOfPyTorchAreNoPartOfTheLibraries() {
    String version = TorchLibraries.load();
    RankProcessor onGpu = RankProcessor.of(train("torch", "train.device=gpu"), 3);
    assertThat(version).matches("PyTorch 2\\.13\\.0 \\((AVX2|AVX512|DEFAULT)\\)");
    assertThat(onGpu.libraries()).isEqualTo(NativeLibraries.load() + ", PyTorch 2.13.0");
  }

  private static TrainSettings train(String engine, String... further) {
    List<String> settings = new ArrayList<>(List.of(further));
    settings.add("train.step-engine=" + engine);
    return new SettingsLoader().set(settings).load(List.of(), List.of()).train();
  }

  @Test
  void aCheckpointFromAnotherPyTorchIsNamed() {
    RankProcessor now = with("PyTorch 2.13.0 (AVX512)");
    assertThat(now.difference(9, with("PyTorch 2.13.0 (AVX2)").provenance(), FLOAT32))
        .contains(
            "steps before 9 were computed with PyTorch 2.13.0 (AVX2), those after it with PyTorch"
                + " 2.13.0 (AVX512) (Some CPU): the result's bits are those of neither");
    assertThat(now.difference(9, now.provenance(), FLOAT32)).isEmpty();
    assertThat(now.difference(9, with("").provenance(), FLOAT32)).isEmpty();
    assertThat(with("").difference(9, now.provenance(), FLOAT32)).isEmpty();
  }

  @Test
  void aCheckpointFromAnotherOneDnnIsNamedWhereItsCodeForAmxComputes() {
    String libraries = NativeLibraries.load();
    RankProcessor amx = with(GENOA + AMX, libraries);
    Map<String, String> older = new HashMap<>(amx.provenance());
    older.replace("natives", "oneDNN 2.5.0 (AVX-512, the best this processor has), ND4J 1.0.0");
    assertThat(amx.difference(9, older, Precision.BFLOAT16))
        .contains(
            "steps before 9 were computed with oneDNN 2.5.0, those after it with "
                + libraries.substring(0, libraries.indexOf(','))
                + " (Some CPU): the result's bits are those of neither");
    assertThat(amx.difference(9, older, FLOAT32)).isEmpty();
    assertThat(amx.difference(9, amx.provenance(), Precision.BFLOAT16)).isEmpty();
    RankProcessor genoa = with(GENOA, libraries);
    older.put("instructions", genoa.provenance().get("instructions"));
    assertThat(genoa.difference(9, older, Precision.BFLOAT16)).isEmpty();
  }

  private static RankProcessor with(String library) {
    return with(MILAN, "libraries 1, " + library);
  }

  private static RankProcessor with(String flags, String libraries) {
    return RankProcessor.of(
        Map.of("flags", flags, "model name", "Some CPU"),
        Map.of(),
        Optional.empty(),
        "48, 2048, 1536 KiB",
        libraries);
  }

  @ParameterizedTest
  @CsvSource({"AVX2, true", "AVX-512, false"})
  void checkpointsOfOlderBuildsSayItAmongTheirLibraries(String used, boolean same) {
    Map<String, String> older =
        Map.of("natives", "oneDNN 2.5.2 (" + used + ", the best this processor has), ND4J 1.0.0");
    assertThat(of("AuthenticAMD", MILAN, Map.of()).difference(7, older, FLOAT32).isEmpty())
        .isEqualTo(same);
    assertThat(of("AuthenticAMD", MILAN, Map.of()).difference(7, Map.of(), FLOAT32)).isEmpty();
  }

  @Test
  void aSettingIsALimit() {
    assertThat(InstructionSet.limit(TrainSettings.InstructionSet.AVX512, Precision.BFLOAT16))
        .isEqualTo(InstructionSet.AVX512_BFLOAT16);
    assertThat(InstructionSet.limit(TrainSettings.InstructionSet.AVX512, Precision.FLOAT32))
        .isEqualTo(InstructionSet.AVX512);
    assertThat(InstructionSet.limit(TrainSettings.InstructionSet.AVX2, Precision.FLOAT32))
        .isEqualTo(InstructionSet.AVX2);
  }
}
