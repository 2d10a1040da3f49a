// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.natives;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bellows.conf.BellowsException;
import org.bellows.data.decode.NativeVersions;
import org.bellows.worker.device.CudaBuild;
import org.bellows.worker.device.CudaLibraries;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.Context;
import org.bytedeco.pytorch.global.torch;

/**
 * Loads PyTorch's native library (libtorch) once a process. A bundle holds it if it was built with
 * Maven's profile {@code torch}, or {@code gpu} for the one that also computes on GPUs; the Java
 * classes of the binding are in every bundle.
 *
 * <p>It shares the OpenMP runtime and OpenBLAS with oneDNN and ND4J, whose libraries are loaded
 * before: the dynamic linker takes those of the same name, so that there is one pool of OpenMP
 * threads in the process.
 */
public final class TorchLibraries {
  /** Where the binding's jars hold the libraries: those for GPUs, where they are there. */
  private static final String FOLDER =
      CudaBuild.isThis()
          ? "/org/bytedeco/pytorch/linux-x86_64-gpu/"
          : "/org/bytedeco/pytorch/linux-x86_64/";

  private static final String THREADS = "OMP_NUM_THREADS";

  /** OpenMP takes a list of numbers by depth of nesting; the first counts here. */
  private static final Pattern FIRST_NUMBER = Pattern.compile("\\s*([1-9]\\d{0,5})\\s*(,.*)?");

  /**
   * libtorch.so names libtorch_cpu.so, and the linker looks for it where libtorch.so is: unless it
   * is unpacked by then, another PyTorch of the machine is taken.
   */
  private static final List<String> UNPACKED_FIRST =
      CudaBuild.isThis()
          ? List.of(
              "libc10.so",
              "libtorch_cpu.so",
              "libc10_cuda.so",
              "libtorch_cuda.so",
              "libtorch_cuda_linalg.so")
          : List.of("libc10.so", "libtorch_cpu.so");

  private static String loaded;

  private TorchLibraries() {}

  /** Whether the class path holds the native libraries. Loads nothing. */
  public static boolean arePresent() {
    return TorchLibraries.class.getResource(FOLDER + "libtorch_cpu.so") != null;
  }

  /** One sentence for where they are missing: what to add, and where. */
  public static String missing() {
    return "the step engine torch needs PyTorch's native libraries, which this bundle does not"
        + " have; build it with Maven's profile torch, or put the jar org.bytedeco:pytorch:"
        + version()
        + ":linux-x86_64 of Maven Central into its folder lib";
  }

  /**
   * Must come before anything that touches the binding. Later calls do nothing.
   *
   * @return the version, for logs and provenance
   * @throws BellowsException (configuration) where the libraries are missing; (infrastructure)
   *     where they cannot be unpacked or loaded, or the host lacks libraries that those for GPUs
   *     need
   */
  public static synchronized String load() {
    if (loaded == null) {
      if (!arePresent()) {
        throw BellowsException.configuration(missing());
      }
      List<Path> ofTheHost = CudaBuild.isThis() ? CudaLibraries.ofThisHost().require() : List.of();
      NativeLibraries.load();
      NativeLibraries.locked(() -> unpackAndLoad(ofTheHost));
      // PyTorch's own choice may be MKL_NUM_THREADS; sums' bits depend on the number.
      torch.set_num_threads(
          threads(
              System.getenv().getOrDefault(THREADS, ""),
              Runtime.getRuntime().availableProcessors()));
      loaded = describe();
    }
    return loaded;
  }

  /**
   * As {@link #load}.
   *
   * @return the version, without the processor's instructions, which decide nothing on a GPU
   */
  public static String loadForGpus() {
    load();
    return "PyTorch " + release() + ofCuda();
  }

  /** Threads of an operation: OpenMP's, or all processors where its variable is no number. */
  static int threads(String variable, int processors) {
    Matcher number = FIRST_NUMBER.matcher(variable);
    return number.matches() ? Integer.parseInt(number.group(1)) : processors;
  }

  /**
   * @param ofTheHost loaded first, so that the linker takes these files for the names that
   *     PyTorch's libraries need
   */
  private static void unpackAndLoad(List<Path> ofTheHost) {
    try {
      ofTheHost.forEach(file -> System.load(file.toAbsolutePath().toString()));
      NativeVersions.accept(List.of("org.bytedeco.pytorch.presets.torch"));
      for (String library : UNPACKED_FIRST) {
        Loader.cacheResource(org.bytedeco.pytorch.presets.torch.class, FOLDER + library);
      }
      Loader.load(torch.class);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (UnsatisfiedLinkError e) {
      throw BellowsException.infrastructure(
          "cannot load PyTorch's native libraries: " + e.getMessage(), e);
    }
  }

  private static String describe() {
    try (BytePointer capability = torch.get_cpu_capability()) {
      return "PyTorch %s (%s%s)".formatted(release(), capability.getString(), ofCuda());
    }
  }

  /** The host's libraries that it computes with on GPUs; empty on the processor. */
  private static String ofCuda() {
    return Context.hasCUDA() ? ofCuda(Context.versionCUDART(), Context.versionRuntimeCuDNN()) : "";
  }

  /**
   * @param cuda such as 13000
   * @param cudnn such as 91300
   */
  static String ofCuda(long cuda, long cudnn) {
    return " with CUDA %d.%d and cuDNN %d.%d.%d"
        .formatted(
            cuda / 1000, cuda % 1000 / 10, cudnn / 10_000, cudnn % 10_000 / 100, cudnn % 100);
  }

  /** PyTorch's own version: the binding's begins with it. */
  private static String release() {
    String version = version();
    int dash = version.indexOf('-');
    return dash < 0 ? version : version.substring(0, dash);
  }

  private static String version() {
    try {
      return Loader.getVersion("org.bytedeco", "pytorch");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
