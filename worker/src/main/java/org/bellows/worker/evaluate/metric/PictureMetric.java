// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.evaluate.metric;

/** A mean over pictures of a share that each picture has, or that some have; more is better. */
public non-sealed interface PictureMetric extends Metric {
  @Override
  default MetricUnit unit() {
    return MetricUnit.SHARE;
  }

  @Override
  default boolean higherIsBetter() {
    return true;
  }
}
