// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.spark;

import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.concurrent.RejectedExecutionException;

/**
 * Standard error while Spark stops. Answers that come when Spark's pools of threads have been shut
 * down are rejected, and Scala's futures print a trace for each, past all loggers. These traces are
 * dropped; everything else goes through.
 */
final class StoppingErr extends PrintStream {
  private final PrintStream to;

  /** Whether the lines of a dropped trace may follow; they come under this stream's lock. */
  private boolean isDropping;

  private StoppingErr(PrintStream to) {
    super(to, true, Charset.defaultCharset());
    this.to = to;
  }

  static void install() {
    if (!(System.err instanceof StoppingErr)) {
      System.setErr(new StoppingErr(System.err));
    }
  }

  /** Puts the stream that was there before in its place, unless another one took it. */
  static void uninstall() {
    if (System.err instanceof StoppingErr mine) {
      System.setErr(mine.to);
    }
  }

  /** How {@code Throwable.printStackTrace} prints each of its lines. */
  @Override
  public synchronized void println(Object line) {
    boolean isOfTrace = isDropping && line instanceof String text && text.startsWith("\tat ");
    isDropping = isOfTrace || isRejection(line);
    if (!isDropping) {
      to.println(line);
    }
  }

  @Override
  public void println(String line) {
    to.println(line);
  }

  @Override
  public void print(String text) {
    to.print(text);
  }

  private static boolean isRejection(Object line) {
    return line instanceof RejectedExecutionException rejection
        && Arrays.stream(rejection.getStackTrace())
            .anyMatch(frame -> frame.getClassName().startsWith("scala.concurrent."));
  }
}
