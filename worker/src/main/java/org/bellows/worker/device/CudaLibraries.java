// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.device;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bellows.conf.text.Words;

/**
 * The shared libraries that PyTorch's build for GPUs takes from the host: CUDA's, cuDNN, NCCL, and
 * the driver's. They are looked for where the dynamic linker looks, and in the toolkit's folder.
 */
public final class CudaLibraries {
  /** The version of CUDA that PyTorch 2.13 of this build was compiled with. */
  public static final String BUILT_WITH = "13.3";

  private static final String DRIVER = "libcuda.so.1";

  /**
   * All that the libraries in the jar org.bytedeco:pytorch:2.13.0-1.5.14:linux-x86_64-gpu need
   * (NEEDED in {@code readelf -d}) beside each other, the C++ runtime and OpenBLAS; and nvJitLink,
   * which cuSPARSE and cuSOLVER need. Each comes after those that it needs itself.
   */
  static final List<String> NAMES =
      List.of(
          DRIVER,
          "libcudart.so.13",
          "libcupti.so.13",
          "libnvrtc.so.13",
          "libnvJitLink.so.13",
          "libcublasLt.so.13",
          "libcublas.so.13",
          "libcusparse.so.12",
          "libcusolver.so.12",
          "libcufft.so.12",
          "libcurand.so.10",
          "libcufile.so.0",
          "libnccl.so.2",
          "libcudnn.so.9",
          "libcudnn_graph.so.9",
          "libcudnn_ops.so.9",
          "libcudnn_cnn.so.9",
          "libcudnn_adv.so.9");

  private static final String LINKER_PATH = "LD_LIBRARY_PATH";
  private static final String TOOLKIT = "CUDA_HOME";

  /** Below the toolkit's folder. */
  private static final List<String> FOLDERS =
      List.of("lib64", "targets/x86_64-linux/lib", "extras/CUPTI/lib64");

  private static final Path USUAL_TOOLKIT = Path.of("/usr/local/cuda");

  /** As in {@code libz.so.1 (libc6,x86-64) => /lib/x86_64-linux-gnu/libz.so.1}. */
  private static final Pattern CACHED = Pattern.compile("\\s*(\\S+) \\(.*x86-64.*\\) => (/.*)");

  private final Map<String, String> environment;
  private final Path usualToolkit;
  private final Map<String, Path> cache;

  /**
   * @param environment of this process
   * @param cache what {@code ldconfig -p} says
   */
  CudaLibraries(Map<String, String> environment, Path usualToolkit, String cache) {
    this.environment = environment;
    this.usualToolkit = usualToolkit;
    this.cache = parse(cache);
  }

  /** Those of this host. */
  public static CudaLibraries ofThisHost() {
    return new CudaLibraries(System.getenv(), USUAL_TOOLKIT, ldconfig());
  }

  /**
   * @return files of the toolkit's libraries, without the driver's, in an order in which they can
   *     be loaded one after the other
   * @throws UnusableDeviceException in one sentence: which are missing, and where they were looked
   *     for
   */
  public List<Path> require() {
    Map<String, Path> found = new LinkedHashMap<>();
    List<String> missing = new ArrayList<>();
    for (String name : NAMES) {
      find(name).ifPresentOrElse(file -> found.put(name, file), () -> missing.add(name));
    }
    if (!missing.isEmpty()) {
      throw new UnusableDeviceException(text(missing), null);
    }
    found.remove(DRIVER);
    return List.copyOf(found.values());
  }

  private Optional<Path> find(String name) {
    for (Path folder : folders()) {
      Path file = folder.resolve(name);
      if (Files.isReadable(file)) {
        return Optional.of(file);
      }
    }
    return Optional.ofNullable(cache.get(name)).filter(Files::isReadable);
  }

  /** Before the linker's cache. */
  private Collection<Path> folders() {
    List<Path> folders = new ArrayList<>();
    for (String one : environment.getOrDefault(LINKER_PATH, "").split(File.pathSeparator)) {
      if (!one.isEmpty()) {
        folders.add(Path.of(one));
      }
    }
    toolkit().ifPresent(home -> FOLDERS.forEach(one -> folders.add(home.resolve(one))));
    FOLDERS.forEach(one -> folders.add(usualToolkit.resolve(one)));
    return folders;
  }

  private Optional<Path> toolkit() {
    return Optional.ofNullable(environment.get(TOOLKIT))
        .filter(one -> !one.isEmpty())
        .map(Path::of);
  }

  private String text(List<String> missing) {
    List<String> names =
        missing.stream()
            .map(name -> name.equals(DRIVER) ? name + " (of NVIDIA's driver)" : name)
            .toList();
    return "this host lacks %d of the %d libraries that PyTorch 2.13 for GPUs needs of CUDA 13 (built with %s), cuDNN 9 and NCCL 2: %s; looked in %s (%s), %s (%s), %s and the cache of ldconfig"
        .formatted(
            missing.size(),
            NAMES.size(),
            BUILT_WITH,
            Words.and(names),
            LINKER_PATH,
            environment.getOrDefault(LINKER_PATH, "not set"),
            TOOLKIT,
            environment.getOrDefault(TOOLKIT, "not set"),
            usualToolkit);
  }

  private static Map<String, Path> parse(String said) {
    Map<String, Path> files = new LinkedHashMap<>();
    for (String line : said.lines().toList()) {
      Matcher entry = CACHED.matcher(line);
      if (entry.matches()) {
        files.putIfAbsent(entry.group(1), Path.of(entry.group(2)));
      }
    }
    return files;
  }

  /** Empty on a host without the linker's cache, which then has no part in what is found. */
  private static String ldconfig() {
    try {
      Process process = new ProcessBuilder("/sbin/ldconfig", "-p").start();
      process.getOutputStream().close();
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }
}
