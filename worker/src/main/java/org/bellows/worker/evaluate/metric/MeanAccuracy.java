// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.evaluate.metric;

/** Mean over the classes of the share of their pixels that are right. */
final class MeanAccuracy implements ConfusionMetric {
  @Override
  public String name() {
    return "mean-accuracy";
  }

  @Override
  public String title() {
    return "mean class accuracy";
  }

  @Override
  public String quantity() {
    return "accuracy";
  }

  /** The title has the quantity. */
  @Override
  public String heading() {
    return title();
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
    return new PixelConfusion(counts).meanAccuracy();
  }
}
