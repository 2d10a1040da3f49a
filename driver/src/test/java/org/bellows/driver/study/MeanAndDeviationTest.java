// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.bellows.conf.study.Study;
import org.bellows.driver.report.MetricFixtures;
import org.bellows.worker.files.Json;
import org.junit.jupiter.api.Test;

class MeanAndDeviationTest {

  @Test
  void isMeanAndSampleDeviation() {
    assertThat(MeanAndDeviation.of(List.of(0.25, 0.75)).text(100, 1)).isEqualTo("50.0 ± 35.4");
    assertThat(MeanAndDeviation.of(List.of(0.25)).text(100, 1)).isEqualTo("25.0");
  }

  /** In result.json their loss is null. */
  @Test
  void anArmWithAnswersThatAreNotFiniteSaysSo() {
    Study study = new Study("s", "q", "profile", List.of(), List.of(1L), List.of());
    SeedResult sound =
        new SeedResult(1, MetricFixtures.values(1.5, 0.5, 1), 1.5, 60, "sha", List.of());
    SeedResult broken =
        new SeedResult(1, MetricFixtures.values(Double.NaN, 0, 1), 1.5, 60, "sha", List.of());
    StudyResult result =
        new StudyResult(
            study,
            "validation",
            "one",
            List.of(
                new ArmResult(arm("first"), List.of(sound)),
                new ArmResult(arm("second"), List.of(broken))));
    assertThat(result.rows().get(1))
        .containsExactly("second", "0.00", "-50.00", "not finite", "1.500", "60");
    assertThat(Json.line(result.metrics())).contains("\"loss\":null").doesNotContain("NaN");
  }

  private static Study.Arm arm(String name) {
    return new Study.Arm(name, "group", List.of(), Optional.empty());
  }

  /** A training that diverged has a loss, too. */
  @Test
  void saysThatAValueIsNotFinite() {
    assertThat(MeanAndDeviation.of(List.of(2.3, Double.NaN)).text(1, 3)).isEqualTo("not finite");
  }
}
