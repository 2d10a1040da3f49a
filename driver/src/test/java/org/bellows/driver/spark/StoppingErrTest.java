// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("lines")
class StoppingErrTest {
  @Test
  void onlyTracesOfScalasRejectedAnswersAreDropped() {
    ByteArrayOutputStream caught = new ByteArrayOutputStream();
    PrintStream before = System.err;
    PrintStream plain = new PrintStream(caught, true, StandardCharsets.UTF_8);
    System.setErr(plain);
    try {
      StoppingErr.install();
      StoppingErr.install();
      rejection("scala.concurrent.impl.CallbackRunnable").printStackTrace();
      System.err.println("a sentence");
      rejection("org.example.Pool").printStackTrace();
      new IllegalStateException("a fault").printStackTrace();
      StoppingErr.uninstall();
      assertThat(System.err).isSameAs(plain);
    } finally {
      System.setErr(before);
    }
    assertThat(caught.toString(StandardCharsets.UTF_8))
        .startsWith("a sentence" + System.lineSeparator())
        .contains("\tat org.example.Pool.run(", "IllegalStateException: a fault")
        .doesNotContain("scala.concurrent");
  }

  private static RejectedExecutionException rejection(String where) {
    RejectedExecutionException rejection = new RejectedExecutionException("shutting down");
    rejection.setStackTrace(
        new StackTraceElement[] {new StackTraceElement(where, "run", "File", 1)});
    return rejection;
  }
}
