// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.evaluate.metric;

/** Mean over the classes of {@link PixelConfusion}'s intersection over union. */
final class MeanIou implements ConfusionMetric {
  @Override
  public String name() {
    return "miou";
  }

  @Override
  public String title() {
    return "mIoU";
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
    return new PixelConfusion(counts).meanIntersectionOverUnion();
  }
}
