// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.evaluate.metric;

/** Share of samples whose class comes first. */
final class Accuracy implements ConfusionMetric {
  @Override
  public String name() {
    return "top1";
  }

  @Override
  public String title() {
    return "top-1";
  }

  @Override
  public String quantity() {
    return "accuracy";
  }

  @Override
  public MetricUnit unit() {
    return MetricUnit.SHARE;
  }

  @Override
  public boolean higherIsBetter() {
    return true;
  }

  @Override
  public double of(ConfusionCounts counts) {
    return counts.right() / (double) counts.samples();
  }
}
