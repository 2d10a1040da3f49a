// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.watch;

import java.util.List;
import org.bellows.conf.TrainSettings;
import org.bellows.conf.part.TrainingSettings;
import org.bellows.worker.evaluate.metric.Metric;
import org.bellows.worker.train.TrainingPlan;

/**
 * The facts of a run before it begins.
 *
 * @param metrics that its evaluations have, in the order of display
 */
public record RunFacts(
    String network,
    String data,
    String output,
    int epochs,
    long totalSteps,
    int lanes,
    int laneBatch,
    int maxFailures,
    List<Metric> metrics) {

  /**
   * @param maxFailures after which the run gives up
   */
  public static RunFacts of(TrainingPlan plan, int maxFailures) {
    TrainingSettings settings = plan.settings();
    TrainSettings train = settings.train();
    return new RunFacts(
        settings.model().name(),
        settings.data().path(),
        settings.output().path(),
        train.epochs(),
        plan.totalSteps(),
        train.lanes(),
        train.laneBatch(),
        maxFailures,
        plan.answers().metrics());
  }

  long stepsPerEpoch() {
    return totalSteps / epochs;
  }
}
