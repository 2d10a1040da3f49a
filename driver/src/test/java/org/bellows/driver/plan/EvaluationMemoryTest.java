// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.bellows.conf.Settings;
import org.bellows.conf.load.SettingsLoader;
import org.bellows.data.shard.LargestPicture;
import org.bellows.driver.features.TinyModel;
import org.bellows.driver.spark.ExecutorLimits;
import org.bellows.worker.forecast.EvaluationForecast;
import org.bellows.worker.model.TrainedEnsemble;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("instructions")
class EvaluationMemoryTest {
  private static final long MEBIBYTE = 1 << 20;

  /** Ten pictures of 3000 x 2000 pixels, an executor of 512 MiB of heap. */
  private static Optional<String> requireFit(String... more) {
    List<String> all =
        new ArrayList<>(
            List.of("cluster.executors=1", "data.decode-threads=1", "evaluate.batch=2"));
    all.addAll(List.of(more));
    Settings settings = new SettingsLoader().set(all).load(List.of(), List.of());
    ExecutorLimits.Limit offHeap = new ExecutorLimits.Limit(1024 * MEBIBYTE, "the overhead");
    return EvaluationMemory.requireFit(
        settings,
        new TrainedEnsemble(List.of(TinyModel.of("unet-8", 1))),
        new EvaluationForecast.Pictures(1000, 10, new LargestPicture(3000, 2000)),
        new ExecutorLimits(new ExecutorLimits.Limit(512 * MEBIBYTE, "the heap"), offHeap, offHeap));
  }

  /** Where evaluations of networks that say a class of each pixel compute on GPUs. */
  @Test
  void theMemoryOfGpusIsTold() {
    assertThat(requireFit()).isEmpty();
    assertThat(requireFit("evaluate.device=gpu", "evaluate.step-engine=torch"))
        .hasValueSatisfying(
            line ->
                assertThat(line)
                    .matches(
                        "executor's GPU memory: [\\d,]+ MiB, estimated: models [\\d,]+, evaluation"
                            + " [\\d,]+, CUDA and libraries 1,024"));
  }

  /**
   * Scores are computed row by row; a field, and views that are averaged, need them all at once.
   */
  @Test
  void picturesThatAnExecutorHasNoMemoryForAreRefused() {
    assertThatCode(() -> requireFit()).doesNotThrowAnyException();
    assertThatThrownBy(() -> requireFit("crf.enabled=true"))
        .isInstanceOf(BellowsException.class)
        .hasMessageMatching(
            "an executor that evaluates unet-8 on pictures of up to 3000 x 2000 pixels with a"
                + " conditional random field needs [45],\\d{3} MiB of heap \\(it may take 512\\);"
                + " raise the heap, or lower cluster.lanes-at-once or evaluate.batch, or set"
                + " crf.enabled = false")
        .extracting(e -> ((BellowsException) e).category())
        .isEqualTo(ErrorCategory.CONFIGURATION);
    assertThatThrownBy(() -> requireFit("evaluate.inference=sliding-window"))
        .hasMessageMatching(
            "an executor that evaluates unet-8 on pictures of up to 3000 x 2000 pixels needs"
                + " [\\d,]+ MiB of heap \\(it may take 512\\); raise the heap, or lower"
                + " cluster.lanes-at-once, evaluate.batch or evaluate.scales");
  }
}
