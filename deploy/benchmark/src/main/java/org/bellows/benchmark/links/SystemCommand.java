// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.links;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.bellows.conf.BellowsException;

/** Commands of the system that make namespaces and links. */
final class SystemCommand {
  private static final int SECONDS = 10;
  private static final List<String> NEEDED = List.of("unshare", "nsenter", "mount", "ip", "tc");

  private SystemCommand() {}

  /** Why this process cannot make namespaces; empty where it can. */
  static Optional<String> missing() {
    try {
      if (!Integer.valueOf(0).equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))) {
        return Optional.of("it makes network namespaces, which needs root");
      }
      run(List.of("unshare", "--net", "--mount", "true"));
      for (String command : NEEDED) {
        run(List.of("which", command));
      }
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of("it makes network namespaces of Linux: " + e.getMessage());
    } catch (BellowsException e) {
      return Optional.of("it makes network namespaces, and " + e.getMessage());
    }
  }

  /**
   * @throws BellowsException (infrastructure) with what the command said, when it fails
   */
  static void run(List<String> command) {
    String line = String.join(" ", command);
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw BellowsException.infrastructure(
            "%s did not end within %d s".formatted(line, SECONDS));
      }
      if (process.exitValue() != 0) {
        throw BellowsException.infrastructure(
            "%s ended with exit code %d, expected 0: %s"
                .formatted(line, process.exitValue(), said));
      }
    } catch (IOException e) {
      throw BellowsException.infrastructure("cannot run " + line + ": " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw BellowsException.infrastructure("interrupted during " + line, e);
    }
  }

  /** Likewise, words apart. */
  static void run(String line) {
    run(List.of(line.split(" ")));
  }
}
