// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportFactsTest {
  /** Metrics and figures by class have their places on the page. */
  @Test
  void aCardHasWhatIsNowhereElse() {
    Map<String, String> facts = new LinkedHashMap<>();
    ReportFacts.addMetrics(
        facts,
        Map.of(
            "miou",
            0.5,
            "iou",
            Map.of("sky", 0.5),
            "steps",
            7,
            "skipped-steps",
            1200,
            "data-wait-share",
            0.25));
    assertThat(facts)
        .containsExactly(
            Map.entry("data wait share", "25.0\u00a0%"), Map.entry("skipped steps", "1,200"));
  }
}
