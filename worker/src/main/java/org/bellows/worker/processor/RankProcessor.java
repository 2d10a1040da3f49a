// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.processor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bellows.conf.BellowsException;
import org.bellows.conf.Device;
import org.bellows.conf.Precision;
import org.bellows.conf.TrainSettings;
import org.bellows.worker.device.ProcessDevice;
import org.bellows.worker.engine.EngineRequest;
import org.bellows.worker.engine.registry.StepEngines;
import org.bellows.worker.engine.torch.TorchEngineProvider;
import org.bellows.worker.natives.NativeLibraries;
import org.bellows.worker.natives.TorchLibraries;

/**
 * What computes in a process.
 *
 * <p>oneDNN chooses the blocks of some sums by the sizes of caches. It reads them on Intel's
 * processors alone (2.5.2 and 2.7.1 do not ask AMD's, by CPUID's leaf 0x8000001D); on all others it
 * takes 32 KiB, 512 KiB and 1 MiB a core, whatever there is. So two processors give the same bits
 * when their instruction set is the same and, if one of them is Intel's, the sizes of their caches
 * for each core.
 *
 * @param instructions that oneDNN may use
 * @param model the processor's name, for a person
 * @param caches KiB of the first, second and third level for each core, as oneDNN sees them
 * @param libraries native libraries and their versions
 * @param gpu that computes instead: its name and compute capability; empty: none
 */
public record RankProcessor(
    InstructionSet instructions, String model, String caches, String libraries, Optional<Gpu> gpu) {
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
  private static final Path CACHES = Path.of("/sys/devices/system/cpu/cpu0/cache");
  private static final String INTEL = "GenuineIntel";
  private static final String ASSUMED = "32, 512 and 1024 KiB";
  private static final String LIMIT = "ONEDNN_MAX_CPU_ISA";
  private static final String OLDER_LIMIT = "DNNL_MAX_CPU_ISA";
  private static final String SEPARATOR = "\t";
  private static final int PARTS = 6;
  private static final Pattern IN_NATIVES = Pattern.compile("oneDNN \\S+ \\((AVX-512|AVX2),");
  private static final Pattern PYTORCH = Pattern.compile("PyTorch [^,;]*");
  private static final Pattern ONE_DNN = Pattern.compile("oneDNN \\d[^ ,]*");

  private static final String INSTRUCTIONS = "instructions";
  private static final String OF_CACHES = "caches";
  private static final String NATIVES = "natives";
  private static final String OF_GPU = "gpu";

  /**
   * This process: its processor, its environment, its limit, and all libraries of its engine.
   *
   * @param channels of the pictures, which decide how PyTorch's maps lie and so their sums' bits
   */
  public static RankProcessor of(TrainSettings train, int channels) {
    RankProcessor here = here();
    if (train.device() == Device.GPU) {
      return here.with(TorchLibraries.loadForGpus()).on(ProcessDevice.current().map(Gpu::of));
    }
    if (!train.stepEngine().equals(TorchEngineProvider.NAME)) {
      return here;
    }
    // Beside the version, so that torch() finds both.
    String layout = StepEngines.standard().get(EngineRequest.of(train)).layoutOnHost(channels);
    return here.with((TorchLibraries.load() + " " + layout).strip());
  }

  /** Without a GPU. */
  public RankProcessor(InstructionSet instructions, String model, String caches, String libraries) {
    this(instructions, model, caches, libraries, Optional.empty());
  }

  /**
   * @param capability compute capability, such as "9.0"
   */
  record Gpu(String name, String capability) {
    static Gpu of(org.bellows.worker.device.Gpu device) {
      return new Gpu(device.name(), device.capability());
    }

    @Override
    public String toString() {
      return "%s (compute capability %s)".formatted(name, capability);
    }
  }

  private RankProcessor with(String library) {
    return new RankProcessor(instructions, model, caches, libraries + ", " + library, gpu);
  }

  private RankProcessor on(Optional<Gpu> device) {
    return new RankProcessor(instructions, model, caches, libraries, device);
  }

  /** This process: its processor, its environment, its limit, and what each engine needs. */
  public static RankProcessor here() {
    try {
      return of(
          cpuInfo(Files.readString(CPU_INFO)),
          System.getenv(),
          InstructionLimit.current(),
          cachesOfACore(CACHES),
          NativeLibraries.load());
    } catch (IOException e) {
      throw BellowsException.infrastructure("cannot read " + CPU_INFO + ": " + e.getMessage(), e);
    }
  }

  /** PyTorch's version, instructions of its own code and layout, where it is among libraries. */
  private static Optional<String> torch(String libraries) {
    return first(PYTORCH, libraries);
  }

  private static Optional<String> first(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(MatchResult::group).findFirst();
  }

  /**
   * What of the libraries decides bits: PyTorch where it computes, else oneDNN where its code for
   * AMX does. That changed from 2.5.2 to 2.7.1; float32, and bfloat16 without AMX, kept their bits.
   */
  private Optional<String> deciding(String text, Precision precision) {
    if (torch(libraries).isPresent()) {
      return torch(text);
    }
    boolean usesAmx = precision == Precision.BFLOAT16 && instructions == InstructionSet.AMX;
    return usesAmx ? first(ONE_DNN, text) : Optional.empty();
  }

  static RankProcessor of(
      Map<String, String> cpuInfo,
      Map<String, String> environment,
      Optional<InstructionSet> limit,
      String caches,
      String libraries) {
    InstructionSet has =
        InstructionSet.ofFlags(Set.copyOf(List.of(cpuInfo.getOrDefault("flags", "").split(" "))));
    String variable = environment.getOrDefault(LIMIT, environment.getOrDefault(OLDER_LIMIT, "ALL"));
    InstructionSet allowed = has.min(InstructionSet.ofEnvironment(variable));
    return new RankProcessor(
        limit.map(allowed::min).orElse(allowed),
        cpuInfo.getOrDefault("model name", "an unknown processor"),
        INTEL.equals(cpuInfo.get("vendor_id")) ? caches : ASSUMED,
        libraries);
  }

  /** The first processor's lines of the kernel's file. */
  static Map<String, String> cpuInfo(String text) {
    Map<String, String> lines = new LinkedHashMap<>();
    text.lines()
        .takeWhile(line -> !line.isBlank())
        .map(line -> line.split("\\s*:\\s*", 2))
        .filter(line -> line.length == 2)
        .forEach(line -> lines.put(line[0], line[1].strip()));
    return lines;
  }

  /** Empty where the kernel does not say. */
  static String cachesOfACore(Path folder) throws IOException {
    Map<String, Long> byLevel = new TreeMap<>();
    long threadsOfACore = 1;
    if (Files.isDirectory(folder)) {
      Map<String, Long> sharing = new TreeMap<>();
      try (var caches = Files.newDirectoryStream(folder, "index*")) {
        for (Path cache : caches) {
          if (!line(cache, "type").equals("Instruction")) {
            String level = line(cache, "level");
            byLevel.put(level, Long.parseLong(line(cache, "size").replace("K", "")));
            sharing.put(level, count(line(cache, "shared_cpu_list")));
          }
        }
      }
      threadsOfACore = sharing.getOrDefault("1", 1L);
      for (Map.Entry<String, Long> level : byLevel.entrySet()) {
        long cores = Math.max(1, sharing.get(level.getKey()) / threadsOfACore);
        level.setValue(level.getValue() / cores);
      }
    }
    return String.join(", ", byLevel.values().stream().map(String::valueOf).toList()) + " KiB";
  }

  private static String line(Path cache, String name) throws IOException {
    return Files.readString(cache.resolve(name)).strip();
  }

  /** Of "0-3,8": five. */
  private static long count(String list) {
    long count = 0;
    for (String range : list.split(",")) {
      String[] ends = range.split("-");
      count += 1 + Long.parseLong(ends[ends.length - 1]) - Long.parseLong(ends[0]);
    }
    return count;
  }

  /** One line, which {@link #parse} reads. */
  public String text() {
    return String.join(
        SEPARATOR,
        instructions.name(),
        model,
        caches,
        libraries,
        gpu.map(Gpu::name).orElse(""),
        gpu.map(Gpu::capability).orElse(""));
  }

  public static RankProcessor parse(String text) {
    String[] parts = text.split(SEPARATOR, -1);
    if (parts.length != PARTS) {
      throw new IllegalArgumentException("no rank's processor: " + text);
    }
    return new RankProcessor(InstructionSet.valueOf(parts[0]), parts[1], parts[2], parts[3])
        .on(parts[4].isEmpty() ? Optional.empty() : Optional.of(new Gpu(parts[4], parts[5])));
  }

  /** "AVX2 (AMD EPYC 7B13)". */
  String title() {
    return instructions.title() + " (" + model + ")";
  }

  /**
   * For checkpoints and models: what computed them. From then on oneDNN cannot be limited to fewer
   * instructions in this process.
   */
  public Map<String, String> provenance() {
    Map<String, String> all =
        new HashMap<>(
            Map.of(
                INSTRUCTIONS,
                instructions.title(),
                OF_CACHES,
                caches,
                "processor",
                model,
                NATIVES,
                NativeLibraries.describe() + torch(libraries).map(text -> ", " + text).orElse(""),
                "java",
                System.getProperty("java.version")));
    gpu.ifPresent(device -> all.put(OF_GPU, device.toString()));
    return Map.copyOf(all);
  }

  /**
   * Returns what is another here than where a checkpoint was written, if it changes bits.
   *
   * @param provenance of the checkpoint; older builds wrote what oneDNN used among "natives"
   */
  public Optional<String> difference(
      long step, Map<String, String> provenance, Precision precision) {
    if (gpu.isPresent()) {
      String now = gpu.get() + "; " + torch(libraries).orElse("");
      String was = provenance.get(OF_GPU) + "; " + torch(provenance.get(NATIVES)).orElse("");
      return now.equals(was) ? Optional.empty() : Optional.of(sentence(step, was, now));
    }
    String before = provenance.get(INSTRUCTIONS);
    if (before == null) {
      Matcher older = IN_NATIVES.matcher(provenance.getOrDefault(NATIVES, ""));
      return older.find() && !instructions.title().startsWith(older.group(1))
          ? Optional.of(sentence(step, older.group(1), instructions.title()))
          : Optional.empty();
    }
    boolean isSame =
        InstructionSet.titled(before)
            .filter(set -> set.deciding(precision) == instructions.deciding(precision))
            .isPresent();
    if (!isSame) {
      return Optional.of(sentence(step, before, instructions.title()));
    }
    String cachesBefore = provenance.getOrDefault(OF_CACHES, caches);
    if (!cachesBefore.equals(caches)) {
      return Optional.of(sentence(step, "caches of " + cachesBefore, "caches of " + caches));
    }
    return deciding(provenance.getOrDefault(NATIVES, ""), precision)
        .flatMap(
            was ->
                deciding(libraries, precision)
                    .filter(now -> !now.equals(was))
                    .map(now -> sentence(step, was, now)));
  }

  private String sentence(long step, String before, String now) {
    return "steps before %d were computed with %s, those after it with %s (%s): the result's bits are those of neither"
        .formatted(step, before, now, model);
  }
}
