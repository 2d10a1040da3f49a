// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf;

import java.io.Serializable;

/**
 * {@code cluster}: executors and what each may take. Meaning and unit of each value are in {@code
 * reference.conf}.
 */
public record ClusterSettings(
    @Key(identity = Identity.WHERE_UPSTREAM_AVERAGES, min = 1, max = 100_000) int executors,
    @Key(identity = Identity.NEVER, min = 1, max = 1024) int lanesAtOnce,
    @Key(identity = Identity.ALWAYS, min = 1, max = 1024) int coresPerLane,
    @Key(identity = Identity.NEVER, min = 512, max = 4_194_304) int executorMemoryMebibytes,
    @Key(identity = Identity.NEVER, min = 256, max = 4_194_304) int executorOverheadMebibytes,
    @Key(identity = Identity.NEVER, min = 1, max = 100_000) int minExecutors,
    @Key(identity = Identity.NEVER, min = 0, max = 100_000) int maxFailures,
    @Key(identity = Identity.NEVER, min = 1, max = 86_400) int startTimeoutSeconds,
    @Key(identity = Identity.NEVER, min = 0, max = 86_400) int replaceTimeoutSeconds,
    @Key(identity = Identity.NEVER, min = 0, max = 86_400) int stopGraceSeconds)
    implements Serializable {

  /** Those of the lanes that an executor computes at the same time. */
  public int coresPerExecutor() {
    return lanesAtOnce * coresPerLane;
  }
}
