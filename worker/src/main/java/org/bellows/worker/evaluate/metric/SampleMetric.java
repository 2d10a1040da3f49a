// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.evaluate.metric;

/** The mean of a number that each answer has by itself. */
public non-sealed interface SampleMetric extends Metric {
  /**
   * @return NaN where the answer has no such number; the mean is NaN then
   */
  double of(ClassAnswer answer);

  @Override
  default double value(AnswerCounter answers) {
    return answers.mean(this);
  }
}
