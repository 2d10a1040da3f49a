// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.bellows.data.TestData;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** No file crashes or hangs the decoder, or comes out partly grey. */
@Tag("integration")
class FuzzTest {
  private static final long SEED = 20_261;

  @Test
  void aFewThousandMutantsOfOurOwnFiles() throws Exception {
    fuzz(4_000, 60, List.of());
  }

  @Test
  @Tag("slow")
  void manyMutantsOfRealFilesToo() throws Exception {
    fuzz(
        40_000,
        200,
        List.of(
            TestData.require("jpeg-edge"),
            TestData.require("exif-orientation"),
            TestData.require("clothing10")));
  }

  private static void fuzz(int count, int seconds, List<Path> folders)
      throws IOException, InterruptedException {
    Path folder = Files.createDirectories(Path.of("target/fuzz-" + count)).toAbsolutePath();
    Path log = folder.resolve("log.txt");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx512m", "-XX:ErrorFile=" + folder.resolve("crash.txt")));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(Fuzzer.class.getName(), folder.toString()));
    command.addAll(List.of(Long.toString(SEED), "0", Integer.toString(count)));
    folders.forEach(f -> command.add(f.toString()));
    // libjpeg's warnings, by the thousand.
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(log.toFile())
            .redirectError(folder.resolve("stderr.txt").toFile())
            .start();
    boolean hasEnded = process.waitFor(seconds, TimeUnit.SECONDS);
    process.destroyForcibly();
    String said = Files.readString(log);
    System.out.println("fuzz, seed " + SEED + ": " + said);
    assertThat(hasEnded && process.exitValue() == 0)
        .as(
            "seed %d, %s: the mutant stands in %s (from byte 12; length and number before), the"
                + " rest in %s",
            SEED,
            hasEnded ? "exit code " + process.exitValue() : "not done after " + seconds + " s",
            folder.resolve("current.bin"),
            folder.resolve("stderr.txt"))
        .isTrue();
    assertThat(said).contains(count + " mutants").contains("decoded").contains("refused: CORRUPT");
  }
}
