// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.benchmark.collective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** In processes, as it is measured; three, so that slices are of different length. */
@Tag("integration")
class CollectiveBenchmarkTest {

  @Test
  void processesExchangeAndCopy() {
    CollectiveBenchmark.Row row = new CollectiveBenchmark(100_001, 3).between(3);
    assertThat(row.ranks()).isEqualTo(3);
    assertThat(row.megabytesPerSecond()).isPositive();
    assertThat(row.copyMegabytesPerSecond()).isPositive();
    assertThat(row.share()).isPositive();
    // Each rank sends two thirds of the vector twice.
    double bytes = 4 * 100_001 * 4 / 3.0;
    assertThat(row.seconds())
        .isCloseTo(bytes / (row.megabytesPerSecond() * 1e6), withinPercentage(0.01));
  }
}
