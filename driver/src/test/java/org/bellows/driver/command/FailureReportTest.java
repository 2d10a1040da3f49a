// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import org.bellows.conf.BellowsException;
import org.junit.jupiter.api.Test;

class FailureReportTest {
  private final StringWriter said = new StringWriter();

  private int tell(Throwable failure) {
    said.getBuffer().setLength(0);
    return FailureReport.tell(failure, new PrintWriter(said, true));
  }

  @SuppressWarnings("InfiniteRecursion") // Its stack is to overflow.
  private static int deep(int depth) {
    return deep(depth + 1) + 1;
  }

  @Test
  void whatIsUnderstoodIsASentence() {
    assertThat(tell(BellowsException.data("x is damaged"))).isEqualTo(3);
    assertThat(said).hasToString("bellows: x is damaged\n");
    assertThat(tell(BellowsException.infrastructure("gone"))).isEqualTo(4);
  }

  @Test
  void errorsOfTheJvmAreSentences() {
    try {
      deep(0);
    } catch (StackOverflowError e) {
      assertThat(tell(new IllegalStateException(e))).isEqualTo(1);
    }
    assertThat(said.toString())
        .isEqualTo(
            "bellows: something is nested more deeply than this process can follow (in %s)%n"
                .formatted(FailureReportTest.class.getName()));
    assertThat(tell(new OutOfMemoryError("Java heap space"))).isEqualTo(1);
    assertThat(said.toString())
        .matches(
            "bellows: out of memory \\(Java heap space\\): the heap of this process has \\d+ MiB; give"
                + " it more \\(BELLOWS_JAVA_OPTIONS=-Xmx..., under spark-submit"
                + " spark.driver.memory\\)\n");
    assertThat(tell(new OutOfMemoryError("unable to create native thread: limits reached")))
        .isEqualTo(4);
    assertThat(said.toString())
        .startsWith("bellows: the system lets this process start no more threads (unable")
        .hasLineCount(1);
  }

  @Test
  void limitsOfTheSystemAreSentences() {
    assertThat(tell(new UncheckedIOException(new IOException("/x (Too many open files)"))))
        .isEqualTo(4);
    assertThat(said.toString())
        .isEqualTo(
            "bellows: opening a file or a connection failed: too many files are open; raise the"
                + " limit of open files (ulimit -n)\n");
    assertThat(
            tell(
                new IllegalArgumentException(
                    "System memory 1 must be at least 471859200. Please increase heap size")))
        .isEqualTo(1);
    assertThat(said.toString()).contains("MiB, is too small for Spark; give it at least 512 MiB");
  }

  @Test
  void whatIsNotUnderstoodComesWithItsTrace() {
    assertThat(tell(new IllegalStateException("odd"))).isEqualTo(1);
    assertThat(said.toString())
        .startsWith("bellows: something that should not happen happened; please report it:\n")
        .contains("java.lang.IllegalStateException: odd")
        .contains("FailureReportTest");
  }
}
