// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.Settings;
import org.bellows.conf.load.SettingsLoader;
import org.bellows.driver.spark.ExecutorLimits;
import org.junit.jupiter.api.Test;

class TrainingForecastTest {
  private static String overlap(String... more) {
    return facts(more).get("gradients leave during the backward pass");
  }

  private static Map<String, String> facts(String... more) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "model.name=resnet20-cifar",
                "model.height-pixels=32",
                "model.width-pixels=32",
                "cluster.executors=2",
                "train.global-batch=8",
                "train.lane-batch=4"));
    all.addAll(List.of(more));
    Settings settings = new SettingsLoader().set(all).load(List.of(), List.of());
    ExecutorLimits.Limit limit = new ExecutorLimits.Limit(1L << 30, "the heap");
    MemoryPlan memory =
        MemoryPlan.of(
            new Configuration(false),
            settings,
            Optional.empty(),
            new ExecutorLimits(limit, limit, limit));
    return new TrainingForecast(settings, Optional.empty(), memory).facts();
  }

  @Test
  void tellsWhatIsInTheMemoryOfAGpu() {
    assertThat(facts()).doesNotContainKey("executor's GPU memory");
    assertThat(facts("train.device=gpu", "train.step-engine=torch").get("executor's GPU memory"))
        .matches(
            "1,0\\d\\d MiB, estimated: parameters 2, gradients 2, training step \\d+, pictures 1,"
                + " evaluation beyond it \\d+, CUDA and libraries 1,024");
  }

  @Test
  void saysWhenTheExchangeOverlapsTheBackwardPass() {
    assertThat(overlap()).isEqualTo("in 4 buckets, if executors are on several hosts");
    assertThat(overlap("sync.overlap=on")).isEqualTo("in 4 buckets");
    assertThat(overlap("sync.overlap=off")).isNull();
    String[] frozen = {
      "sync.overlap=on", "model.from=other", "model.freeze-up-to=stage1-block1-relu"
    };
    assertThat(overlap(frozen)).as("frozen to the end").isNull();
    assertThat(overlap(frozen[0], frozen[1], frozen[2], "model.unfreeze-epochs=[\"none@3\"]"))
        .isEqualTo("in 4 buckets; from epoch 3 on, and after the pass while layers are frozen");
  }
}
