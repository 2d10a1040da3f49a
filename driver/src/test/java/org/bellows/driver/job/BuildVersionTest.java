// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.job;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("lines")
class BuildVersionTest {
  /** Bundles for two lines of Spark have one version. */
  @Test
  void theVersionNamesTheSparkThatRuns() {
    assertThat(new BuildVersion().getVersion())
        .singleElement()
        .asString()
        .matches("bellows development, Spark (3\\.5|4\\.\\d+)\\.\\d+");
  }
}
