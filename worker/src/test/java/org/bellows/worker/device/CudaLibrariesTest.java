// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CudaLibrariesTest {
  @TempDir Path folder;

  private Path with(String name, List<String> libraries) throws IOException {
    Path files = Files.createDirectories(folder.resolve(name));
    for (String library : libraries) {
      Files.writeString(files.resolve(library), "");
    }
    return files;
  }

  private CudaLibraries libraries(Map<String, String> environment, String cache) {
    return new CudaLibraries(environment, folder.resolve("usual"), cache);
  }

  /** Linker's path, toolkit, usual place and linker's cache, in this order. */
  @Test
  void theyAreFoundWhereTheLinkerLooksAndInTheToolkit() throws IOException {
    List<String> names = CudaLibraries.NAMES;
    Path cached = with("cached", names);
    StringBuilder cache = new StringBuilder("3 libs found in cache `/etc/ld.so.cache'\n");
    for (String name : names) {
      cache.append("\t%s (libc6) => /lib32/%s\n".formatted(name, name));
      cache.append("\t%s (libc6,x86-64) => %s/%s\n".formatted(name, cached, name));
    }
    Path usual = with("usual/lib64", names.subList(0, 12));
    Path usualCupti = with("usual/extras/CUPTI/lib64", List.of("libcupti.so.13"));
    Files.delete(usual.resolve("libcupti.so.13"));
    Path home = with("home/targets/x86_64-linux/lib", names.subList(0, 8));
    Files.delete(home.resolve("libcupti.so.13"));
    Path first = with("first", names.subList(0, 2));

    List<Path> expected = new ArrayList<>();
    expected.add(first.resolve("libcudart.so.13"));
    expected.add(usualCupti.resolve("libcupti.so.13"));
    names.subList(3, 8).forEach(name -> expected.add(home.resolve(name)));
    names.subList(8, 12).forEach(name -> expected.add(usual.resolve(name)));
    names.subList(12, names.size()).forEach(name -> expected.add(cached.resolve(name)));
    assertThat(
            libraries(
                    Map.of(
                        "LD_LIBRARY_PATH",
                        "::" + folder.resolve("none") + ":" + first,
                        "CUDA_HOME",
                        folder.resolve("home").toString()),
                    cache.toString())
                .require())
        .isEqualTo(expected);
  }

  @Test
  void whatIsMissingIsSaidInOneSentence() throws IOException {
    List<String> names = new ArrayList<>(CudaLibraries.NAMES);
    names.removeAll(List.of("libcuda.so.1", "libcublas.so.13", "libcudnn.so.9"));
    Path folders = with("some", names);
    // Of CUDA 12, and one that leads nowhere.
    Files.writeString(folders.resolve("libcublas.so.12"), "");
    Files.createSymbolicLink(folders.resolve("libcudnn.so.9"), folder.resolve("nowhere"));
    assertThatThrownBy(libraries(Map.of("LD_LIBRARY_PATH", folders.toString()), "")::require)
        .isInstanceOfSatisfying(
            BellowsException.class,
            e -> assertThat(e.category()).isEqualTo(ErrorCategory.INFRASTRUCTURE))
        .hasMessage(
            "this host lacks 3 of the 18 libraries that PyTorch 2.13 for GPUs needs of CUDA 13 (built"
                + " with 13.3), cuDNN 9 and NCCL 2: libcuda.so.1 (of NVIDIA's driver),"
                + " libcublas.so.13 and libcudnn.so.9; looked in LD_LIBRARY_PATH ("
                + folders
                + "), CUDA_HOME (not set), "
                + folder.resolve("usual")
                + " and the cache of ldconfig");
  }

  /** docs/gpu.md tells who installs a host which they are. */
  @Test
  void theDocumentListsAllThatAreAskedFor() throws IOException {
    String text = Files.readString(Path.of("../docs/gpu.md"));
    String section =
        text.substring(text.indexOf("### The host's libraries"), text.indexOf("With NVIDIA's"));
    assertThat(Pattern.compile("`(lib[^`]+\\.so[^`]*)`").matcher(section).results())
        .extracting(found -> found.group(1))
        .containsExactlyInAnyOrderElementsOf(CudaLibraries.NAMES);
  }
}
