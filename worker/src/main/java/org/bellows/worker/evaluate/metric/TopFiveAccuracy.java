// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.evaluate.metric;

/** Share of samples whose class is among the first five: all, of five classes or fewer. */
final class TopFiveAccuracy implements SampleMetric {
  private static final int FIRST = 5;

  @Override
  public String name() {
    return "top5";
  }

  @Override
  public String title() {
    return "top-5";
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
  public boolean tells(int classes) {
    return classes == 0 || classes > FIRST;
  }

  @Override
  public double of(ClassAnswer answer) {
    return answer.isFinite() && answer.before() < FIRST ? 1 : 0;
  }
}
