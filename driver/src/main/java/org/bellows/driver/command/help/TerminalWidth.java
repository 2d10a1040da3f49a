// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.command.help;

import java.util.regex.Pattern;

/** Columns that help and lists of settings are written in. */
public final class TerminalWidth {
  /** Lines that are longer are tiring to read, however wide the terminal is. */
  private static final int WIDEST = 100;

  private static final int NARROWEST = 60;
  private static final int USUAL = 80;
  private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,4}");

  private TerminalWidth() {}

  /** The launcher's {@code COLUMNS}, within limits; 80 without a terminal. */
  public static int columns() {
    return of(System.getenv("COLUMNS"));
  }

  static int of(String columns) {
    return columns == null || !NUMBER.matcher(columns).matches()
        ? USUAL
        : Math.max(NARROWEST, Math.min(WIDEST, Integer.parseInt(columns)));
  }
}
