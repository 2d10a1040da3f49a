// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.fault;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One line of a schedule.
 *
 * @param line of the file, from 1
 * @param rank in whose process it fires
 * @param atDriver whether it strikes the driver's process instead
 * @param step of the moment: after which, or of which checkpoint
 * @param argument other rank or milliseconds, where there is one
 */
record Fault(
    int line, int rank, boolean atDriver, Moment moment, long step, How how, int argument) {
  private static final Pattern LINE =
      Pattern.compile(
          "(driver|rank-(?<rank>\\d+))\\s+"
              + "(?<moment>after-step|from-step|writing-checkpoint|committing-checkpoint|committed-checkpoint)"
              + "-(?<step>\\d+)\\s+(?<how>[a-z]+)(\\s+(?<argument>\\d+))?");

  enum Moment {
    AFTER_STEP,
    FROM_STEP,
    WRITING_CHECKPOINT,
    COMMITTING_CHECKPOINT,
    COMMITTED_CHECKPOINT
  }

  enum How {
    KILL,
    TERM,
    DECOMMISSION,
    FREEZE,
    EXIT,
    OOM,
    EXCEPTION,
    DEVICE,
    MEMORY,
    HANG,
    STUCK,
    CUT,
    BLACKHOLE,
    TAKEOVER,
    PROBE,
    SLOW,
    FULL,
    DAMAGE
  }

  static Fault parse(int number, String line) {
    Matcher matcher = LINE.matcher(line.strip());
    if (!matcher.matches()) {
      throw new IllegalArgumentException("line " + number + " is no fault: " + line);
    }
    String rank = matcher.group("rank");
    String argument = matcher.group("argument");
    return new Fault(
        number,
        rank == null ? 0 : Integer.parseInt(rank),
        rank == null,
        Moment.valueOf(constant(matcher.group("moment"))),
        Long.parseLong(matcher.group("step")),
        How.valueOf(constant(matcher.group("how"))),
        argument == null ? 0 : Integer.parseInt(argument));
  }

  private static String constant(String word) {
    return word.toUpperCase(Locale.ROOT).replace('-', '_');
  }
}
