// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf;

/** Whether the result of a run depends on a setting: then it is part of {@code RunIdentity}. */
public enum Identity {
  /** It does. */
  ALWAYS,
  /** Where evaluations decide when to end or what to keep. */
  WHERE_EVALUATIONS_DECIDE {
    @Override
    public boolean holds(Settings settings) {
      return settings.train().evaluationDecides();
    }
  },
  /** Where parameters are averaged. */
  WHERE_AVERAGING {
    @Override
    public boolean holds(Settings settings) {
      return settings.sync().mode().averages();
    }
  },
  /** Where upstream averages parameters. */
  WHERE_UPSTREAM_AVERAGES {
    @Override
    public boolean holds(Settings settings) {
      return !settings.sync().mode().runsOnRanks();
    }
  },
  /** It does not: where it runs, how it is watched, how often it is saved; other commands. */
  NEVER {
    @Override
    public boolean holds(Settings settings) {
      return false;
    }
  };

  /** Whether it is part of the identity of a run with these settings. */
  public boolean holds(Settings settings) {
    return true;
  }
}
