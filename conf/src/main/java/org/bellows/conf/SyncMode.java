// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf;

/**
 * How all lanes of a run come to the same parameters: {@code sync.mode}. The description of a mode;
 * the settings that it forbids are in {@code org.bellows.conf.check.SyncModeLimits}.
 */
public enum SyncMode {
  /** The gradients of all lanes are added up in every step. */
  EVERY_STEP(true, false),
  /** Each lane takes steps of its own; parameters are averaged every so many steps. */
  AVERAGING(true, true),
  /** Not Bellows's own training, but that of dl4j-spark, which averages, too. */
  DL4J_SPARK(false, true);

  private final boolean runsOnRanks;
  private final boolean averages;

  SyncMode(boolean runsOnRanks, boolean averages) {
    this.runsOnRanks = runsOnRanks;
    this.averages = averages;
  }

  /**
   * Whether Bellows's own ranks train, with checkpoints, recovery, and a known need of memory and
   * traffic. Otherwise dl4j-spark's trainer does.
   */
  public boolean runsOnRanks() {
    return runsOnRanks;
  }

  /** Whether parameters are averaged every {@code sync.period-steps} steps. */
  public boolean averages() {
    return averages;
  }

  /** Whether each lane of a rank has parameters and optimizer state of its own. */
  public boolean hasReplicas() {
    return runsOnRanks && averages;
  }
}
