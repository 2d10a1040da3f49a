// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.fault;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a process holds: its threads of ours by name, its sockets, what lies in shared places. */
final class ResourceProbe {
  private ResourceProbe() {}

  static void note(FaultSchedule folder, int rank) {
    folder.note(
        rank,
        "probe of %d: threads %s; sockets %d; /dev/shm %s; temporary %s"
            .formatted(
                ProcessHandle.current().pid(),
                threads(),
                sockets(),
                names(Path.of("/dev/shm")),
                names(Path.of(System.getProperty("java.io.tmpdir")))));
  }

  private static List<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("bellows-"))
        .sorted()
        .toList();
  }

  private static long sockets() {
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return descriptors.filter(ResourceProbe::isSocket).count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isSocket(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
    } catch (IOException e) {
      return false;
    }
  }

  private static String names(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(f -> f.getFileName().toString()).sorted().collect(Collectors.joining(" "));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
