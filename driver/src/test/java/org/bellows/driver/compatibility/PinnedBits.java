// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.compatibility;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bellows.worker.files.Json;
import org.bellows.worker.natives.NativeLibraries;

/**
 * Results that a release came to, by name of the result. Which kernels oneDNN takes, and so each
 * bit, depends on the processor's instructions and on the sizes of its caches. Where both are those
 * of the machine that the pins are from, a result must be the same to the bit; elsewhere its
 * figures must be close.
 */
final class PinnedBits {
  /** Instructions alone move the figures in the eighth digit. */
  private static final double ELSEWHERE = 1e-3;

  private static final Path CACHES = Path.of("/sys/devices/system/cpu/cpu0/cache");
  private static final Pattern INSTRUCTIONS = Pattern.compile("oneDNN \\S+ \\((AVX-512|AVX2),");

  /** Null where there are none of this machine. */
  private final Map<?, ?> pins;

  private final Map<?, ?> anyMachine;
  private final String machine;

  /**
   * @param file JSON: machine to name of a result to key to value
   */
  PinnedBits(Path file) throws IOException {
    this.machine = instructions() + ", caches " + caches();
    Map<?, ?> all = Json.read(Files.readAllBytes(file), Map.class, file);
    this.pins = (Map<?, ?>) all.get(machine);
    this.anyMachine = (Map<?, ?>) all.values().iterator().next();
  }

  /**
   * @param actual text, compared where the machine is the pins', and numbers
   */
  void require(String name, Map<String, ?> actual) {
    if (pins != null) {
      assertThat(actual).as("%s on %s", name, machine).isEqualTo(pins.get(name));
      return;
    }
    Map<?, ?> expected = (Map<?, ?>) anyMachine.get(name);
    assertThat(actual.keySet()).as(name).isEqualTo(expected.keySet());
    actual.forEach(
        (key, value) -> {
          if (value instanceof Number number) {
            assertThat(number.doubleValue())
                .as("%s of %s; there are no pins of %s", key, name, machine)
                .isCloseTo(((Number) expected.get(key)).doubleValue(), within(ELSEWHERE));
          }
        });
  }

  private static String instructions() {
    Matcher matcher = INSTRUCTIONS.matcher(NativeLibraries.describe());
    return matcher.find() ? matcher.group(1) : "others";
  }

  /** Sizes of the caches that serve data, from the first level on; empty where nobody says. */
  private static String caches() throws IOException {
    Map<String, String> byLevel = new TreeMap<>();
    if (Files.isDirectory(CACHES)) {
      try (var folders = Files.newDirectoryStream(CACHES, "index*")) {
        for (Path folder : folders) {
          if (!Files.readString(folder.resolve("type")).strip().equals("Instruction")) {
            byLevel.put(
                Files.readString(folder.resolve("level")).strip(),
                Files.readString(folder.resolve("size")).strip());
          }
        }
      }
    }
    return String.join(" ", byLevel.values());
  }
}
