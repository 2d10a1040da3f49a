// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.bellows.conf.ErrorCategory;
import org.bellows.driver.train.SegmentOutcome.Failure;
import org.bellows.driver.train.SegmentOutcome.Kind;
import org.junit.jupiter.api.Test;

class SegmentResultsTest {
  private final SegmentResults arrivals = new SegmentResults(3, Duration.ofSeconds(10));

  /** Who waited in vain closes its connections, and those who see that may be heard first. */
  @Test
  void theCauseIsTheDeepestKindAndOfEqualsTheFirst() {
    assertThat(arrivals.cause()).isEmpty();
    fails(1, Kind.LOST_PEER);
    assertThat(arrivals.cause().orElseThrow().rank()).isEqualTo(1);
    fails(2, Kind.SILENT_PEER);
    assertThat(arrivals.cause().orElseThrow().rank()).isEqualTo(2);
    fails(0, Kind.SILENT_PEER);
    assertThat(arrivals.cause().orElseThrow().rank()).isEqualTo(2);
  }

  @Test
  void whoIsDoneIsNoCause() {
    arrivals.add(
        0, new SegmentOutcome(0, "a", 4, false, List.of(), List.of(), "0", null, null, null));
    assertThat(arrivals.cause()).isEmpty();
    assertThat(arrivals.missing()).containsExactlyInAnyOrder(1, 2);
  }

  private void fails(int rank, Kind kind) {
    Failure failure = new Failure(kind, ErrorCategory.INFRASTRUCTURE, "failed", "trace");
    arrivals.add(rank, SegmentOutcome.failed(rank, "a", failure));
  }
}
