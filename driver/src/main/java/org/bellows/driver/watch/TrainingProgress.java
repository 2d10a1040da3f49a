// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.watch;

import java.util.Locale;
import org.bellows.conf.TrainSettings;
import org.bellows.driver.progress.EvaluationText;
import org.bellows.driver.progress.ProgressLine;
import org.bellows.driver.progress.RunningAverages;
import org.bellows.driver.report.EpochEvaluation;
import org.bellows.worker.metrics.StepMetrics;

/** epoch 3/12 step 2345/11252 loss 0.412 (10 steps) lr 0.0183 2140 images/s left 1:12. */
public final class TrainingProgress implements RunListener {
  private final ProgressLine progress;
  private final String validationSplit;
  private final int classes;
  private final int epochs;
  private final long totalSteps;
  private final int globalBatch;
  private final RunningAverages averages = new RunningAverages();

  /**
   * @param classes of the dataset
   */
  public TrainingProgress(
      ProgressLine progress, TrainSettings train, int classes, long totalSteps) {
    this(
        progress,
        train.validationSplit(),
        classes,
        train.epochs(),
        totalSteps,
        train.globalBatch());
  }

  public TrainingProgress(
      ProgressLine progress,
      String validationSplit,
      int classes,
      int epochs,
      long totalSteps,
      int globalBatch) {
    this.progress = progress;
    this.validationSplit = validationSplit;
    this.classes = classes;
    this.epochs = epochs;
    this.totalSteps = totalSteps;
    this.globalBatch = globalBatch;
  }

  @Override
  public synchronized void onStep(StepMetrics step) {
    averages.accept(step);
    progress.show(
        String.format(
            Locale.ROOT,
            "epoch %d/%d  step %d/%d  loss %.3f (%s)  lr %.4g  %.0f images/s  left %s",
            step.epoch() + 1,
            epochs,
            step.step() + 1,
            totalSteps,
            averages.loss(),
            steps(averages.lossSteps()),
            step.learningRate(),
            averages.imagesPerSecond(),
            ProgressLine.clock(averages.secondsFor((totalSteps - step.step() - 1) * globalBatch))));
  }

  private static String steps(int count) {
    return count == 1 ? "1 step" : count + " steps";
  }

  @Override
  public void onEvaluation(EpochEvaluation evaluation) {
    progress.say(
        "epoch %d/%d  %s: %s"
            .formatted(
                evaluation.epoch(),
                epochs,
                validationSplit,
                EvaluationText.text(classes, evaluation.metrics(), evaluation.notFinite())));
  }

  @Override
  public void onNote(String note) {
    progress.say(note);
  }
}
