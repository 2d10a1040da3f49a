// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf;

import java.io.Serializable;

/**
 * {@code retrain}: what a scheduled run starts from, and when it takes the place of the current
 * version. Meaning and unit of each value are in {@code reference.conf}.
 */
public record RetrainSettings(
    @Key(identity = Identity.NEVER) Start start,
    @Key(identity = Identity.NEVER) Metric metric,
    @Key(identity = Identity.NEVER, min = 0, max = 1_000_000_000) double minImprovement,
    @Key(identity = Identity.NEVER, min = 2, max = 86_400) int leaseSeconds)
    implements Serializable {

  public enum Start {
    CURRENT,
    SCRATCH
  }

  public enum Metric {
    TOP1,
    TOP5,
    MIOU,
    MAP,
    LOSS
  }
}
