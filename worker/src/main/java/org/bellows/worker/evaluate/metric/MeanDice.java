// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.evaluate.metric;

/** Mean over the pictures of each picture's {@link PixelConfusion#meanDice}. */
final class MeanDice implements PictureMetric {
  @Override
  public String name() {
    return "dice-per-picture";
  }

  @Override
  public String title() {
    return "Dice per picture";
  }

  @Override
  public double value(AnswerCounter answers) {
    return answers.dice();
  }
}
