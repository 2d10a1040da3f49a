// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.natives;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import org.bellows.conf.BellowsException;
import org.bellows.data.decode.NativeVersions;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.global.torch;

/**
 * Loads PyTorch's native library (libtorch) once a process. A bundle holds it if it was built with
 * Maven's profile {@code torch} (or {@code gpu}); the Java classes of the binding are in every
 * bundle.
 *
 * <p>It shares the OpenMP runtime and OpenBLAS with oneDNN and ND4J, whose libraries are loaded
 * before: the dynamic linker takes those of the same name, so that there is one pool of OpenMP
 * threads in the process.
 */
public final class TorchLibraries {
  /** Where the binding's jars hold the libraries for the CPU and for GPUs. */
  private static final List<String> FOLDERS =
      List.of("/org/bytedeco/pytorch/linux-x86_64/", "/org/bytedeco/pytorch/linux-x86_64-gpu/");

  /**
   * libtorch.so names libtorch_cpu.so, and the linker looks for it where libtorch.so is: unless it
   * is unpacked by then, another PyTorch of the machine is taken.
   */
  private static final List<String> UNPACKED_FIRST = List.of("libc10.so", "libtorch_cpu.so");

  private static String loaded;

  private TorchLibraries() {}

  /** Whether the class path holds the native libraries. Loads nothing. */
  public static boolean arePresent() {
    return folder().isPresent();
  }

  /**
   * @throws BellowsException (configuration) that says what to add, where they are missing
   */
  public static void require() {
    if (!arePresent()) {
      throw BellowsException.configuration(missing());
    }
  }

  /** One sentence for where they are missing: what to add, and where. */
  public static String missing() {
    return "the step engine torch needs PyTorch's native libraries, which this bundle does not have; build it with Maven's profile torch, or put the jar org.bytedeco:pytorch:"
        + version()
        + ":linux-x86_64 of Maven Central into its folder lib";
  }

  /**
   * Must come before anything that touches the binding. Later calls do nothing.
   *
   * @return the version, for logs and provenance
   * @throws BellowsException (configuration) where the libraries are missing; (infrastructure)
   *     where they cannot be unpacked or loaded
   */
  public static synchronized String load() {
    if (loaded == null) {
      require();
      NativeLibraries.load();
      NativeLibraries.locked(() -> unpackAndLoad(folder().orElseThrow()));
      loaded = describe();
    }
    return loaded;
  }

  /** The version, where they are loaded in this process. */
  public static synchronized Optional<String> loaded() {
    return Optional.ofNullable(loaded);
  }

  private static Optional<String> folder() {
    return FOLDERS.stream()
        .filter(folder -> TorchLibraries.class.getResource(folder + "libtorch_cpu.so") != null)
        .findFirst();
  }

  private static void unpackAndLoad(String folder) {
    try {
      NativeVersions.accept(List.of("org.bytedeco.pytorch.presets.torch"));
      for (String library : UNPACKED_FIRST) {
        Loader.cacheResource(org.bytedeco.pytorch.presets.torch.class, folder + library);
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
      return "PyTorch %s (%s)".formatted(release(), capability.getString());
    }
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
