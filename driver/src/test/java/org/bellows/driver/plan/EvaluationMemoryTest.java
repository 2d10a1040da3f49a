// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bellows.conf.AugmentSettings;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.bellows.conf.Settings;
import org.bellows.conf.load.SettingsLoader;
import org.bellows.data.shard.LargestPicture;
import org.bellows.driver.features.TinyModel;
import org.bellows.driver.spark.ExecutorLimits;
import org.bellows.worker.forecast.EvaluationForecast;
import org.bellows.worker.model.TrainedEnsemble;
import org.bellows.worker.model.TrainedModel;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("instructions")
@Tag("once")
class EvaluationMemoryTest {
  private static final long MEBIBYTE = 1 << 20;

  /** Ten pictures of 3000 x 2000 pixels, an executor of 512 MiB of heap. */
  private static Map<String, Long> requireFit(String... more) {
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
        .extracting(EvaluationMemory::text, STRING)
        .matches(
            "executor's GPU memory: [\\d,]+ MiB, estimated: models [\\d,]+, evaluation [\\d,]+,"
                + " CUDA and libraries 1,024");
  }

  private static Map<String, Long> onGpu(TrainedEnsemble ensemble, String... more) {
    List<String> all =
        new ArrayList<>(List.of("evaluate.device=gpu", "evaluate.step-engine=torch"));
    all.addAll(List.of(more));
    return EvaluationMemory.ofWholePictures(
        new SettingsLoader().set(all).load(List.of(), List.of()), ensemble);
  }

  /** A pass is a batch; of ten crops as many samples as have no more pictures, or one. */
  @Test
  void batchesOfWholePicturesAreInTheMemoryOfGpus() {
    TrainedModel model = TinyModel.of("resnet20-cifar", 1);
    TrainedEnsemble one = new TrainedEnsemble(List.of(model));
    assertThat(
            EvaluationMemory.ofWholePictures(new SettingsLoader().load(List.of(), List.of()), one))
        .isEmpty();
    Map<String, Long> twelve = onGpu(one, "evaluate.batch=12");
    assertThat(twelve).containsOnlyKeys("models", "evaluation", "CUDA and libraries");
    assertThat(onGpu(new TrainedEnsemble(List.of(model, model)), "evaluate.batch=12"))
        .containsEntry("models", 2 * twelve.get("models"))
        .containsEntry("evaluation", twelve.get("evaluation"));
    assertThat(onGpu(one, "evaluate.batch=12", "cluster.lanes-at-once=2"))
        .containsEntry("evaluation", 2 * twelve.get("evaluation"));
    long ten = onGpu(one, "evaluate.batch=10").get("evaluation");
    assertThat(ten).isLessThan(twelve.get("evaluation"));
    TrainedModel crops = TinyModel.of("resnet20-cifar", 1, AugmentSettings.EvaluationCrop.TEN_CROP);
    for (int batch : new int[] {1, 12}) {
      assertThat(onGpu(new TrainedEnsemble(List.of(crops)), "evaluate.batch=" + batch))
          .containsEntry("evaluation", ten);
    }
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
