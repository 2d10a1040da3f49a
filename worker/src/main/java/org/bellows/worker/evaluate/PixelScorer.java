// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.evaluate;

import org.bellows.data.decode.image.RasterImage;
import org.bellows.data.manifest.PixelClass;
import org.bellows.models.loss.PixelSoftmax;
import org.bellows.worker.evaluate.metric.BoundaryF1;
import org.bellows.worker.evaluate.metric.ConfusionCounts;
import org.bellows.worker.evaluate.metric.PictureAnswer;
import org.bellows.worker.segment.ClassScores;

/**
 * Compares class scores with a stored label map. Of equal scores the lower label is the answer.
 * Pixels that are void in truth are left out.
 */
final class PixelScorer {
  private final int classes;

  PixelScorer(int classes) {
    this.classes = classes;
  }

  /**
   * The result of one picture.
   *
   * @param answer [height, width] labels; void where it is not finite
   */
  record PictureScore(PictureAnswer counts, byte[] answer) {}

  /**
   * @param scores of the picture, at the size of its label map
   * @param truth the label map
   * @throws IllegalStateException for a label that is neither a class nor void
   */
  PictureScore score(ClassScores scores, RasterImage truth) {
    int width = truth.width();
    long[][] counts = new long[classes][classes + 1];
    float[] z = new float[classes * width];
    float[] labels = new float[width];
    float[] surprise = new float[width];
    int[] answers = new int[width];
    byte[] answer = new byte[truth.interleaved().length];
    double sum = 0;
    long labelled = 0;
    for (int row = 0; row < truth.height(); row++) {
      scores.row(row, z);
      ClassScores.highest(z, classes, answers);
      for (int i = 0; i < width; i++) {
        int label = truth.interleaved()[row * width + i] & 0xFF;
        labels[i] = label == PixelClass.VOID ? -1 : label;
        answer[row * width + i] = (byte) (answers[i] == classes ? PixelClass.VOID : answers[i]);
        if (label != PixelClass.VOID) {
          requireClass(label);
          counts[label][answers[i]]++;
          labelled++;
        }
      }
      sum += surprise(z, labels, surprise);
    }
    return new PictureScore(
        new PictureAnswer(
            ConfusionCounts.of(counts),
            labelled == 0 ? 0 : sum / labelled,
            answer.length - labelled,
            BoundaryF1.ofClasses(truth.interleaved(), answer, truth.height(), classes)),
        answer);
  }

  private void requireClass(int label) {
    if (label >= classes) {
      throw new IllegalStateException(
          "a pixel has the label %d, allowed: 0 to %d, or %d (void)"
              .formatted(label, classes - 1, PixelClass.VOID));
    }
  }

  /**
   * @param z logits of a row; overwritten
   * @param labels -1 where a pixel is void; overwritten
   */
  private double surprise(float[] z, float[] labels, float[] surprise) {
    boolean[] isVoid = new boolean[labels.length];
    for (int i = 0; i < labels.length; i++) {
      isVoid[i] = labels[i] < 0;
      labels[i] = Math.max(0, labels[i]);
    }
    PixelSoftmax.applyInPlace(z, classes, labels, 0, surprise);
    double sum = 0;
    for (int i = 0; i < labels.length; i++) {
      sum += isVoid[i] ? 0 : surprise[i];
    }
    return sum;
  }
}
