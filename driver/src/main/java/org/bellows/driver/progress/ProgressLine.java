// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.progress;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import org.bellows.conf.text.PrintableText;

/**
 * One line that is rewritten on a terminal, lines now and then elsewhere. Thread-safe: steps are
 * reported by Spark's threads.
 */
public final class ProgressLine {
  private static final long TERMINAL_INTERVAL_NANOS = 200_000_000L;
  private static final String CLEAR_TO_END_OF_LINE = "\u001b[K";

  private final PrintStream out;
  private final boolean terminal;
  private final long intervalNanos;
  private long lastShown;
  private boolean lineOpen;

  /**
   * @param seconds between lines where there is no terminal
   */
  public ProgressLine(double seconds) {
    this(PrintableStream.raw(System.err), System.console() != null, seconds);
  }

  /**
   * @param out gets control sequences on a terminal, so it is none that writes them out; what is
   *     shown is made printable here
   */
  public ProgressLine(PrintStream out, boolean terminal, double seconds) {
    this.out = out;
    this.terminal = terminal;
    this.intervalNanos = terminal ? TERMINAL_INTERVAL_NANOS : (long) (seconds * 1e9);
    this.lastShown = System.nanoTime() - intervalNanos;
  }

  /** Shows a line if the last one is old enough. */
  public synchronized void show(String line) {
    long now = System.nanoTime();
    if (now - lastShown < intervalNanos) {
      return;
    }
    lastShown = now;
    if (terminal) {
      out.print("\r" + PrintableText.name(line) + CLEAR_TO_END_OF_LINE);
      out.flush();
      lineOpen = true;
    } else {
      out.println(PrintableText.name(line));
    }
  }

  /** Shows a line in any case, and keeps it. */
  public synchronized void say(String line) {
    if (lineOpen) {
      out.print("\r" + CLEAR_TO_END_OF_LINE);
      lineOpen = false;
    }
    out.println(PrintableText.text(line));
  }

  /** 75 s is 1:15, 3,700 s is 1:01:40. */
  public static String clock(double seconds) {
    Duration duration = Duration.ofSeconds(Math.round(seconds));
    return duration.toHours() > 0
        ? String.format(
            Locale.ROOT,
            "%d:%02d:%02d",
            duration.toHours(),
            duration.toMinutesPart(),
            duration.toSecondsPart())
        : String.format(Locale.ROOT, "%d:%02d", duration.toMinutes(), duration.toSecondsPart());
  }
}
