// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.plan;

import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.BellowsException;
import org.bellows.conf.Settings;
import org.bellows.data.batch.EvaluationTransform;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.data.manifest.Split;
import org.bellows.data.shard.LargestPicture;
import org.bellows.driver.spark.ExecutorLimits;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.worker.forecast.EvaluationForecast;
import org.bellows.worker.forecast.ExecutorMemory;
import org.bellows.worker.model.ModelCard;
import org.bellows.worker.model.TrainedEnsemble;
import org.bellows.worker.model.TrainedModel;

/**
 * What evaluations need of memory. Where networks say a class of each pixel, answers are as large
 * as pictures: whether executors can evaluate those that a split has. Of others what they need of
 * an executor's GPU.
 */
public final class EvaluationMemory {
  private EvaluationMemory() {}

  /**
   * @param ensemble of networks that say a class of each pixel
   * @param manifest of a dataset that has {@code evaluate.split}
   * @return what an executor needs of the memory of its GPU, in bytes; empty where none computes
   * @throws BellowsException (configuration) with both numbers and what to change, when an executor
   *     would not fit
   */
  public static Map<String, Long> requireFit(
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

  static Map<String, Long> requireFit(
      Settings settings,
      TrainedEnsemble ensemble,
      EvaluationForecast.Pictures pictures,
      ExecutorLimits limits) {
    ExecutorMemory needed =
        EvaluationForecast.of(
            new EvaluationForecast.Asked(
                settings.evaluate(),
                settings.data(),
                settings.crf(),
                settings.cluster().lanesAtOnce(),
                settings.cluster().executors()),
            networks(ensemble),
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
    return needed.device();
  }

  private static List<NetworkDefinition> networks(TrainedEnsemble ensemble) {
    return ensemble.members().stream().map(model -> TrainedModel.definition(model.card())).toList();
  }

  /**
   * @param ensemble of networks that answer a picture as a whole
   * @return what an executor needs of the memory of its GPU, in bytes; empty where none computes
   */
  public static Map<String, Long> ofWholePictures(Settings settings, TrainedEnsemble ensemble) {
    int views = EvaluationTransform.viewsOf(ensemble.inputSpec(settings.augment()));
    int samples = Math.max(1, settings.evaluate().batch() / views);
    ModelCard card = ensemble.card();
    return EvaluationForecast.onDevice(
        settings.evaluate(),
        networks(ensemble).stream()
            .map(network -> network.graph(card.input(), card.classes().size()))
            .toList(),
        samples * views,
        settings.cluster().lanesAtOnce());
  }

  /**
   * A line about the memory of executors' GPUs.
   *
   * @param device what an executor needs; not empty
   */
  public static String text(Map<String, Long> device) {
    return "%s: %s".formatted(MemoryPlan.DEVICE, MemoryPlan.deviceText(device));
  }
}
