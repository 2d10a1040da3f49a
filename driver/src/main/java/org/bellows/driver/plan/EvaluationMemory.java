// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.plan;

import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.BellowsException;
import org.bellows.conf.Settings;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.manifest.Split;
import org.bellows.data.shard.LargestPicture;
import org.bellows.driver.spark.ExecutorLimits;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.worker.forecast.EvaluationForecast;
import org.bellows.worker.forecast.ExecutorMemory;
import org.bellows.worker.model.TrainedEnsemble;
import org.bellows.worker.model.TrainedModel;

/**
 * Whether executors can evaluate pictures of the size that a split has; of networks that say a
 * class of each pixel, whose answers are as large as the pictures.
 */
public final class EvaluationMemory {
  private EvaluationMemory() {}

  /**
   * @param ensemble of networks that say a class of each pixel
   * @param manifest of a dataset that has {@code evaluate.split}
   * @return a line about the memory of executors' GPUs; empty where none computes
   * @throws BellowsException (configuration) with both numbers and what to change, when an executor
   *     would not fit
   */
  public static Optional<String> requireFit(
      Configuration hadoop,
      Settings settings,
      TrainedEnsemble ensemble,
      DatasetManifest manifest,
      ExecutorLimits limits) {
    Split split = manifest.split(settings.evaluate().split());
    LargestPicture largest = LargestPicture.of(hadoop, settings.data().path(), split);
    return requireFit(
        settings,
        ensemble,
        new EvaluationForecast.Pictures(split.bytes(), split.samples(), largest),
        limits);
  }

  static Optional<String> requireFit(
      Settings settings,
      TrainedEnsemble ensemble,
      EvaluationForecast.Pictures pictures,
      ExecutorLimits limits) {
    List<NetworkDefinition> networks =
        ensemble.members().stream().map(model -> TrainedModel.definition(model.card())).toList();
    ExecutorMemory needed =
        EvaluationForecast.of(
            new EvaluationForecast.Asked(
                settings.evaluate(),
                settings.data(),
                settings.crf(),
                settings.cluster().lanesAtOnce(),
                settings.cluster().executors()),
            networks,
            ensemble.card().input(),
            ensemble.card().classes().size(),
            pictures);
    MemoryLimits.require(
        "an executor that evaluates %s on pictures of up to %d x %d pixels%s"
            .formatted(
                ensemble.card().network(),
                pictures.largest().height(),
                pictures.largest().width(),
                settings.crf().enabled() ? " with a conditional random field" : ""),
        needed,
        limits,
        settings.crf().enabled()
            ? "lower cluster.lanes-at-once or evaluate.batch, or set crf.enabled = false"
            : "lower cluster.lanes-at-once, evaluate.batch or evaluate.scales");
    return needed.device().isEmpty()
        ? Optional.empty()
        : Optional.of("%s: %s".formatted(MemoryPlan.DEVICE, MemoryPlan.deviceText(needed)));
  }
}
