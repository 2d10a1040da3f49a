// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.testcluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What {@code bin/bellows} does before it starts Java. */
class LauncherTest {

  /** Java would end in the midst of loading a class, with a trace. */
  @Test
  void tooFewFilesAreASentence() throws IOException, InterruptedException {
    Process launcher =
        new ProcessBuilder("bash", "-c", "ulimit -n 120 && exec \"$0\" --version", launcher())
            .redirectErrorStream(true)
            .start();
    String said = new String(launcher.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(launcher.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(said)
        .isEqualTo(
            "bellows: a process may open 120 files here (ulimit -Hn), needed are 1024 or more\n");
    assertThat(launcher.exitValue()).isEqualTo(4);
  }

  private static String launcher() {
    return Bundle.built().file("bin/bellows").toString();
  }
}
