// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.evaluate;

import java.util.Collections;
import java.util.List;
import org.bellows.conf.BellowsException;
import org.bellows.conf.EvaluateSettings;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.worker.model.TrainedEnsemble;

/** From which probability on a class is an answer of models for any number of classes. */
public final class LabelThresholds {
  private LabelThresholds() {}

  /**
   * @return by class; empty where a sample has one class
   * @throws BellowsException (configuration) when {@code evaluate.thresholds} is model and a model
   *     has none
   */
  public static List<Double> of(TrainedEnsemble models, EvaluateSettings evaluate) {
    if (!models.isMultiLabel()) {
      return List.of();
    }
    if (evaluate.thresholds() == EvaluateSettings.Thresholds.SAME) {
      return Collections.nCopies(models.card().classes().size(), evaluate.threshold());
    }
    List<Double> own = models.thresholds();
    if (own.isEmpty()) {
      throw BellowsException.configuration(
          "evaluate.thresholds is model, but the model has none, since its training evaluated no split; allowed: same");
    }
    return own;
  }

  /**
   * @throws BellowsException (configuration) when the models and the samples of a dataset are not
   *     of the same kind
   */
  public static void requireSameKind(TrainedEnsemble models, DatasetManifest manifest) {
    if (models.isMultiLabel() != manifest.multiLabel()) {
      throw BellowsException.configuration(
          "the model says %s of each image, but an image of the dataset has %s"
              .formatted(kind(models.isMultiLabel()), kind(manifest.multiLabel())));
    }
  }

  private static String kind(boolean areSeveral) {
    return areSeveral ? "any number of classes" : "one class";
  }
}
