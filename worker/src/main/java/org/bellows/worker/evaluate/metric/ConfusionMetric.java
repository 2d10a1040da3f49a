// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.evaluate.metric;

/** A figure computed from how many samples of each class were predicted as each class. */
public non-sealed interface ConfusionMetric extends Metric {
  double of(ConfusionCounts counts);

  @Override
  default double value(AnswerCounter answers) {
    return of(answers.confusion());
  }
}
