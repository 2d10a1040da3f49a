// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.AugmentSettings;
import org.bellows.conf.part.TrainingSettings;
import org.bellows.data.batch.InputSpec;
import org.bellows.driver.report.EpochEvaluation;
import org.bellows.worker.checkpoint.Checkpoint;
import org.bellows.worker.files.FloatArrays;
import org.bellows.worker.model.ModelCard;
import org.bellows.worker.model.MultiLabel;
import org.bellows.worker.model.TrainedModel;
import org.bellows.worker.train.TrainingPlan;

/** From a checkpoint of a run to the model in the run's folder. */
public final class ModelWriter {
  private final Configuration hadoop;
  private final TrainingPlan plan;
  private final String version;

  /**
   * @param version of Bellows, for the model's card
   */
  public ModelWriter(Configuration hadoop, TrainingPlan plan, String version) {
    this.hadoop = hadoop;
    this.plan = plan;
    this.version = version;
  }

  /**
   * Writes or replaces the model.
   *
   * @param evaluations of which one may be of the checkpoint: it has the thresholds of classes
   */
  public void write(Checkpoint checkpoint, List<EpochEvaluation> evaluations) {
    float[] parameters = plan.modelParameters(checkpoint);
    ModelCard card = card(checkpoint, parameters);
    new TrainedModel(
            plan.isMultiLabel() ? card.with(labels(checkpoint, evaluations)) : card, parameters)
        .write(hadoop, plan.settings().output().path());
  }

  private static MultiLabel labels(Checkpoint checkpoint, List<EpochEvaluation> evaluations) {
    return new MultiLabel(
        evaluations.stream()
            .filter(evaluation -> evaluation.step() == checkpoint.state().step())
            .map(EpochEvaluation::thresholds)
            .findFirst()
            .orElse(List.of()));
  }

  private ModelCard card(Checkpoint checkpoint, float[] parameters) {
    TrainingSettings settings = plan.settings();
    InputSpec input = plan.inputSpec();
    Map<String, String> provenance = new LinkedHashMap<>(checkpoint.state().identity());
    provenance.putAll(checkpoint.state().provenance());
    provenance.put("bellows", version);
    provenance.put("step", Long.toString(checkpoint.state().step()));
    AugmentSettings.EvaluationInterpolation interpolation =
        settings.augment().evaluationInterpolation();
    return new ModelCard(
        ModelCard.FORMAT_VERSION,
        settings.model().name(),
        plan.input(),
        plan.classes(),
        input.mean(),
        input.standardDeviation(),
        settings.augment().evaluationCrop(),
        settings.augment().evaluationResizePixels(plan.input().height(), plan.input().width()),
        FloatArrays.sha256(parameters, parameters.length),
        provenance,
        plan.isOfPixels() ? settings.evaluate().ofPixels() : null,
        interpolation == AugmentSettings.EvaluationInterpolation.BILINEAR ? null : interpolation,
        null);
  }
}
