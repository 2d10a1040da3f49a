// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.train;

import java.util.ArrayList;
import java.util.List;
import org.bellows.conf.BellowsException;
import org.bellows.conf.LossSettings;
import org.bellows.conf.SyncMode;
import org.bellows.conf.TrainSettings;
import org.bellows.conf.part.TrainingSettings;
import org.bellows.conf.text.ValueText;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.models.zoo.NetworkRegistry;

/** Settings that a dataset whose samples are of any number of classes does not go with. */
final class LabelPlanCheck {
  private final List<String> problems = new ArrayList<>();

  private LabelPlanCheck() {}

  /**
   * @throws BellowsException (configuration) with all that is wrong
   */
  static void check(TrainingSettings settings, DatasetManifest manifest) {
    LabelPlanCheck check = new LabelPlanCheck();
    if (manifest.multiLabel()) {
      check.ofSeveral(settings);
    } else {
      check.ofOne(settings);
    }
    if (!check.problems.isEmpty()) {
      throw BellowsException.configuration(
          "the dataset at %s has %s: %s"
              .formatted(
                  settings.data().path(),
                  manifest.multiLabel() ? "any number of labels an image" : "one label an image",
                  String.join("; ", check.problems)));
    }
  }

  private void ofSeveral(TrainingSettings settings) {
    boolean isOfPixels = NetworkRegistry.standard().get(settings.model().name()).isOfPixels();
    require(!isOfPixels, "model.name", settings.model().name(), "a network that classifies images");
    LossSettings.LossFunction function = settings.loss().function();
    require(
        function == LossSettings.LossFunction.BINARY_CROSS_ENTROPY,
        "loss.function",
        ValueText.name(function),
        "binary-cross-entropy");
    TrainSettings.BestMetric best = settings.train().bestMetric();
    require(
        !settings.train().evaluationDecides()
            || best == TrainSettings.BestMetric.MAP
            || best == TrainSettings.BestMetric.LOSS,
        "train.best-metric",
        ValueText.name(best),
        "map, loss");
    require(
        settings.sync().mode() != SyncMode.DL4J_SPARK,
        "sync.mode",
        ValueText.name(settings.sync().mode()),
        "every-step, averaging");
  }

  private void ofOne(TrainingSettings settings) {
    boolean isTaught = settings.loss().hasTeacher();
    require(
        !isTaught || settings.loss().function() == LossSettings.LossFunction.CROSS_ENTROPY,
        "loss.function",
        "binary-cross-entropy",
        "cross-entropy where loss.teacher is set, since the teacher's answer is a softmax");
    require(
        !settings.train().evaluationDecides()
            || settings.train().bestMetric() != TrainSettings.BestMetric.MAP,
        "train.best-metric",
        "map",
        "top1, miou of pixels, loss");
  }

  private void require(boolean isSo, String key, Object actual, String allowed) {
    if (!isSo) {
      problems.add("%s is %s, allowed: %s".formatted(key, actual, allowed));
    }
  }
}
