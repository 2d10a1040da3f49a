// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.report;

import java.util.List;

/**
 * From a step on a run trained on these executors. All of them together tell who was there when,
 * through all starts of the run.
 *
 * @param time of the first segment's end, or of the run's where none followed, UTC, ISO 8601
 * @param step first step that they took, or the number of all steps where none followed
 * @param executors how many
 * @param places ranks of each host, in words; empty where no step followed
 * @param causes of the change from those before, in words; several where attempts failed before
 *     they had done a segment
 * @param seconds without a step: from the last one before to the first after; of a start since it
 *     began to wait for executors
 */
public record ExecutorChange(
    String time, long step, int executors, String places, List<Cause> causes, double seconds) {

  public ExecutorChange {
    causes = List.copyOf(causes);
  }

  /**
   * Why the executors changed.
   *
   * @param words more about it, may be empty
   */
  public record Cause(Kind kind, String words) {}

  /** What brings a change about. */
  public enum Kind {
    /** The command was started. */
    STARTED("started"),
    /** Executors were lost, or a rank failed. */
    FAILED("failure"),
    /** Executors were told to end, and left in order. */
    LEFT("left"),
    /** More executors were ready. */
    JOINED("joined");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }
  }
}
