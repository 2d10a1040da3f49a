// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bellows.conf.part.TrainingSettings;
import org.bellows.worker.collective.Hosts;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OverlapRuleTest {
  private static final Hosts APART = Hosts.apart(3);
  private static final Hosts TOGETHER = Hosts.of(3, 3);

  /** Ranks have 2, 2 and 3 lanes. */
  private static TrainingSettings settings(String... more) {
    List<String> own =
        new ArrayList<>(
            List.of(
                "model.name=resnet20-cifar",
                "train.lane-batch=2",
                "train.global-batch=14",
                "train.validation-split="));
    own.addAll(List.of(more));
    return Runs.settings(Path.of("data"), Path.of("run"), own);
  }

  @ParameterizedTest
  @CsvSource({"auto, true, false", "on, true, true", "off, false, false"})
  void thereIsAnotherHostToWaitForOrItIsAskedFor(String asked, boolean apart, boolean together) {
    OverlapRule rule = OverlapRule.of(settings("sync.overlap=" + asked));
    assertThat(rule.overlaps(APART)).as("on three hosts").isEqualTo(apart);
    assertThat(rule.overlaps(TOGETHER)).as("on one host").isEqualTo(together);
    assertThat(rule.overlaps(Hosts.of(1, 1))).as("alone").isFalse();
  }

  @Test
  void aRankHasALaneThatIsComputedAlone() {
    assertThat(OverlapRule.of(settings("cluster.lanes-at-once=2")).overlaps(APART)).isFalse();
    assertThat(OverlapRule.of(settings("cluster.lanes-at-once=2")).overlaps(Hosts.apart(7)))
        .as("a lane a rank")
        .isTrue();
    assertThat(OverlapRule.of(settings("train.batch-norm-moments=global-batch")).overlaps(APART))
        .as("lanes meet")
        .isFalse();
  }

  @Test
  void theEngineSaysWhatIsFinal() {
    TrainingSettings dl4j = settings("train.step-engine=dl4j");
    assertThat(OverlapRule.of(dl4j).overlaps(APART)).isFalse();
    assertThat(OverlapRule.of(settings("train.step-engine=torch")).overlaps(APART)).isFalse();
    assertThat(new OverlapRule(dl4j, true).overlaps(APART)).isTrue();
  }

  @Test
  void allLayersLearnAtSomeTime() {
    String frozen = "model.freeze-up-to=stage1-block1-relu";
    String start = "model.from=other";
    assertThat(OverlapRule.of(settings(start, frozen)).overlaps(APART)).isFalse();
    assertThat(
            OverlapRule.of(settings(start, frozen, "model.unfreeze-epochs=[\"none@1\"]"))
                .overlaps(APART))
        .isTrue();
  }
}
