// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.evaluate.metric;

/**
 * Mean over the classes of {@link BoundaryF1}, of a class the mean over the pictures that have it.
 */
final class MeanBoundaryF1 implements PictureMetric {
  @Override
  public String name() {
    return "boundary-f1";
  }

  @Override
  public String title() {
    return "boundary F1";
  }

  @Override
  public double value(AnswerCounter answers) {
    return answers.boundaryF1();
  }
}
