// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.segment;

import java.util.Arrays;
import org.bellows.data.manifest.PixelClass;
import org.bellows.models.loss.PixelSoftmax;

/**
 * The scores of each class at each pixel of a picture: the softmax over the classes gives
 * probabilities. Rows are computed when they are asked for. Not thread-safe.
 */
public interface ClassScores {
  int classes();

  /** Of the picture. */
  int height();

  /** Of the picture. */
  int width();

  /**
   * The scores of a row.
   *
   * @param out filled: [classes, width]
   */
  void row(int row, float[] out);

  /**
   * The probabilities of all pixels.
   *
   * @return [classes, height, width]; NaN where a score is not finite
   */
  default float[] probabilities() {
    int width = width();
    int pixels = Math.multiplyExact(height(), width);
    float[] all = new float[Math.multiplyExact(classes(), pixels)];
    float[] line = new float[classes() * width];
    for (int row = 0; row < height(); row++) {
      row(row, line);
      PixelSoftmax.applyInPlace(line, classes());
      for (int c = 0; c < classes(); c++) {
        System.arraycopy(line, c * width, all, c * pixels + row * width, width);
      }
    }
    return all;
  }

  /**
   * The class of the highest score of each pixel, of equal ones the lowest.
   *
   * @return [height, width]; {@link PixelClass#VOID} where a score is not finite
   */
  default byte[] labels() {
    int width = width();
    byte[] labels = new byte[Math.multiplyExact(height(), width)];
    float[] line = new float[classes() * width];
    int[] answers = new int[width];
    for (int row = 0; row < height(); row++) {
      row(row, line);
      highest(line, classes(), answers);
      for (int i = 0; i < width; i++) {
        int label = answers[i] == classes() ? PixelClass.VOID : answers[i];
        labels[row * width + i] = (byte) label;
      }
    }
    return labels;
  }

  /**
   * The class of the highest score of each pixel of a row, of equal ones the lowest.
   *
   * @param scores [classes, width]
   * @param answers [width], filled; the number of classes where a score is not finite
   */
  static void highest(float[] scores, int classes, int[] answers) {
    int width = answers.length;
    Arrays.fill(answers, 0);
    for (int c = 0; c < classes; c++) {
      for (int i = 0; i < width; i++) {
        if (!Float.isFinite(scores[c * width + i])) {
          answers[i] = classes;
        } else if (answers[i] < classes && scores[c * width + i] > scores[answers[i] * width + i]) {
          answers[i] = c;
        }
      }
    }
  }
}
