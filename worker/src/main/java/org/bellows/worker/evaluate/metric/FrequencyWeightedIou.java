// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.evaluate.metric;

/** Mean intersection over union, weighted by the classes' pixels. */
final class FrequencyWeightedIou implements ConfusionMetric {
  @Override
  public String name() {
    return "frequency-weighted-iou";
  }

  @Override
  public String title() {
    return "frequency-weighted IoU";
  }

  @Override
  public String quantity() {
    return "IoU";
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
    return new PixelConfusion(counts).frequencyWeightedIntersectionOverUnion();
  }
}
