// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.evaluate.metric;

/** Mean of -log p over the samples, p the probability of the sample's class. */
final class CrossEntropy implements SampleMetric {
  /** Keeps -log(p) finite; the smallest normal float is about 1e-38. */
  private static final double SMALLEST_PROBABILITY = 1e-37f;

  @Override
  public String name() {
    return "loss";
  }

  @Override
  public String title() {
    return "loss";
  }

  @Override
  public MetricUnit unit() {
    return MetricUnit.NATS;
  }

  @Override
  public boolean higherIsBetter() {
    return false;
  }

  @Override
  public double of(ClassAnswer answer) {
    return -StrictMath.log(Math.max(answer.probability(), SMALLEST_PROBABILITY));
  }
}
