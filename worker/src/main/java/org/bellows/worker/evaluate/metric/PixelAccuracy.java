// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.evaluate.metric;

/** The share of pixels whose class comes first. */
final class PixelAccuracy implements ConfusionMetric {
  @Override
  public String name() {
    return "pixel-accuracy";
  }

  @Override
  public String title() {
    return "pixel accuracy";
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
    return new PixelConfusion(counts).accuracy();
  }
}
