// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.segment;

import org.bellows.models.loss.PixelSoftmax;

/** Means of probabilities, each pixel over as many answers as were given for it. */
final class ScoreSums {
  private final int classes;
  private final int height;
  private final int width;
  private final float[] sums;
  private final int[] answers;

  ScoreSums(int classes, int height, int width) {
    this.classes = classes;
    this.height = height;
    this.width = width;
    this.answers = new int[Math.multiplyExact(height, width)];
    this.sums = new float[Math.multiplyExact(classes, answers.length)];
  }

  /**
   * @param scores of a part of the picture, whose softmax is added
   * @param top row of the picture where the part begins
   * @param left column likewise
   * @param isFlipped whether left and right of the part are exchanged
   */
  void add(ClassScores scores, int top, int left, boolean isFlipped) {
    int length = scores.width();
    float[] line = new float[classes * length];
    for (int row = 0; row < scores.height(); row++) {
      scores.row(row, line);
      PixelSoftmax.applyInPlace(line, classes);
      int to = (top + row) * width + left;
      for (int i = 0; i < length; i++) {
        answers[to + i]++;
      }
      for (int c = 0; c < classes; c++) {
        int sum = c * answers.length + to;
        int from = c * length;
        for (int i = 0; i < length; i++) {
          sums[sum + i] += line[from + (isFlipped ? length - 1 - i : i)];
        }
      }
    }
  }

  /** Logarithms of the means, whose softmax is the means again. */
  ScoreMap scores() {
    float[] scores = new float[sums.length];
    for (int i = 0; i < scores.length; i++) {
      float mean = sums[i] / answers[i % answers.length];
      scores[i] = (float) StrictMath.log(Math.max(mean, Float.MIN_NORMAL));
    }
    return ScoreMap.ofPixels(scores, classes, height, width);
  }
}
