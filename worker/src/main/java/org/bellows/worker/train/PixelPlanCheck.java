// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.train;

import java.util.Locale;
import org.bellows.conf.AugmentSettings;
import org.bellows.conf.BellowsException;
import org.bellows.conf.LossSettings;
import org.bellows.conf.SyncMode;
import org.bellows.conf.TrainSettings;
import org.bellows.conf.part.TrainingSettings;
import org.bellows.conf.text.ValueText;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.models.graph.InputShape;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.models.network.FewestMoments;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.worker.segment.InferenceLimits;

/**
 * Settings that go only with a network that gives a class to each pixel, and settings that do not
 * go with one.
 */
final class PixelPlanCheck {
  private final TrainingSettings settings;

  private PixelPlanCheck(TrainingSettings settings) {
    this.settings = settings;
  }

  /**
   * @param network that is trained
   * @throws BellowsException (configuration) for a setting that the network cannot be trained with;
   *     (data) when the dataset has no classes of that kind
   */
  static void check(
      TrainingSettings settings, DatasetManifest manifest, NetworkDefinition network) {
    PixelPlanCheck check = new PixelPlanCheck(settings);
    if (network.isOfPixels()) {
      check.ofPixels(manifest);
      NetworkGraph graph = network.graph(InputShape.of(settings.model()), 2);
      check.canBeEvaluated(graph);
      check.normalisesOverSeveralValues(network, graph);
    } else {
      check.ofSamples(manifest);
    }
  }

  private void ofPixels(DatasetManifest manifest) {
    if (!manifest.hasPixelClasses()) {
      throw BellowsException.data(
          "model.name is %s, which says a class of each pixel, but the dataset at %s has no pixel classes"
              .formatted(settings.model().name(), settings.data().path()));
    }
    LossSettings loss = settings.loss();
    if (loss.borderWeight() > 0 && !manifest.instances()) {
      throw BellowsException.data(
          "loss.border-weight is %s, but the dataset at %s does not tell objects apart; prepare it with source.mask-instances"
              .formatted(loss.borderWeight(), settings.data().path()));
    }
    require(
        loss.function() == LossSettings.LossFunction.CROSS_ENTROPY,
        "loss.function",
        ValueText.name(loss.function()),
        "cross-entropy");
    require(loss.labelSmoothing() == 0, "loss.label-smoothing", loss.labelSmoothing(), "0");
    require(!loss.hasTeacher(), "loss.teacher", loss.teacher(), "none");
    require(
        settings.augment().mix() == AugmentSettings.Mix.NONE,
        "augment.mix",
        settings.augment().mix(),
        "none");
    require(
        settings.augment().autoAugment() != AugmentSettings.AutoAugmentPolicy.AUG_MIX,
        "augment.auto-augment",
        settings.augment().autoAugment(),
        "any other");
    require(
        settings.augment().evaluationCrop() == AugmentSettings.EvaluationCrop.RESIZE,
        "augment.evaluation-crop",
        settings.augment().evaluationCrop(),
        "resize");
    require(
        settings.augment().evaluationInterpolation()
            == AugmentSettings.EvaluationInterpolation.BILINEAR,
        "augment.evaluation-interpolation",
        settings.augment().evaluationInterpolation(),
        "bilinear");
    require(
        !settings.train().evaluationDecides()
            || settings.train().bestMetric() != TrainSettings.BestMetric.TOP1,
        "train.best-metric",
        settings.train().bestMetric(),
        "miou, loss");
    require(
        settings.sync().mode() != SyncMode.DL4J_SPARK,
        "sync.mode",
        "dl4j-spark",
        "every-step, averaging");
  }

  private void canBeEvaluated(NetworkGraph graph) {
    if (!settings.train().validationSplit().isBlank()) {
      InferenceLimits.require(graph, settings.evaluate().inference());
    }
  }

  /**
   * Of one value the variance is 0, so that BatchNorm gives its shift whatever the picture is: as
   * behind the mean of a map (DeepLab v3) in lanes of one picture.
   */
  private void normalisesOverSeveralValues(NetworkDefinition network, NetworkGraph graph) {
    if (settings.train().momentSamples() > 1 || settings.model().isFrozen()) {
      return;
    }
    FewestMoments.of(graph)
        .filter(fewest -> fewest.values() == 1)
        .ifPresent(
            fewest -> {
              throw BellowsException.configuration(
                  "train.lane-batch is 1, but %s of %s normalises each channel over one value a picture, and a variance needs two; allowed: 2 and more, train.batch-norm-moments = global-batch, or a start from a model (model.from) with model.freeze-up-to"
                      .formatted(fewest.layer(), network.name()));
            });
  }

  private void ofSamples(DatasetManifest manifest) {
    if (manifest.classes().isEmpty() && manifest.hasPixelClasses()) {
      throw BellowsException.data(
          "model.name is %s, which says a class of each sample, but the dataset at %s has classes of pixels only"
              .formatted(settings.model().name(), settings.data().path()));
    }
    if (settings.train().evaluationDecides()
        && settings.train().bestMetric() == TrainSettings.BestMetric.MIOU) {
      throw BellowsException.configuration(
          "train.best-metric is miou, but %s says a class of each sample; allowed: top1, loss"
              .formatted(settings.model().name()));
    }
    if (!settings.loss().isPlainOfPixels()) {
      throw BellowsException.configuration(
          "the loss of pixels is set, but model.name is %s, which says a class of each sample"
              .formatted(settings.model().name()));
    }
  }

  private void require(boolean isSo, String key, Object actual, String allowed) {
    if (!isSo) {
      throw BellowsException.configuration(
          "%s is %s, but %s says a class of each pixel; allowed: %s"
              .formatted(
                  key,
                  actual.toString().toLowerCase(Locale.ROOT),
                  settings.model().name(),
                  allowed));
    }
  }
}
