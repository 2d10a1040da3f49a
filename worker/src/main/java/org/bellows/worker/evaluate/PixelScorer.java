// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.evaluate;

import java.util.Arrays;
import org.bellows.data.decode.image.RasterImage;
import org.bellows.data.manifest.PixelClass;
import org.bellows.models.layer.LayerShape;
import org.bellows.models.loss.PixelSoftmax;
import org.bellows.worker.evaluate.metric.ConfusionCounts;

/**
 * Compares a network's logits with a stored label map at the size of that map: logits are resampled
 * bilinearly, half pixels aligned, and never labels. Of equal logits the lower label is the answer.
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
   * @param confusion of its pixels that have a class
   * @param loss mean of -log p over them; 0 where there is none
   */
  record PictureScore(ConfusionCounts confusion, double loss) {}

  /**
   * @param logits [classes, height, width] of the whole picture
   * @param map their shape
   * @param truth of the picture's own size
   * @throws IllegalStateException for a label that is neither a class nor void
   */
  PictureScore score(float[] logits, LayerShape.FeatureMap map, RasterImage truth) {
    int width = truth.width();
    Positions columns = new Positions(width, map.width());
    Positions rows = new Positions(truth.height(), map.height());
    long[][] counts = new long[classes][classes + 1];
    float[] line = new float[classes * map.width()];
    float[] z = new float[classes * width];
    float[] labels = new float[width];
    float[] surprise = new float[width];
    double sum = 0;
    long labelled = 0;
    for (int row = 0; row < truth.height(); row++) {
      blendRows(logits, map, rows, row, line);
      blendColumns(line, map.width(), columns, z);
      int[] answers = first(z, width);
      for (int i = 0; i < width; i++) {
        int label = truth.interleaved()[row * width + i] & 0xFF;
        labels[i] = label == PixelClass.VOID ? -1 : label;
        if (label != PixelClass.VOID) {
          requireClass(label);
          counts[label][answers[i]]++;
          labelled++;
        }
      }
      sum += surprise(z, labels, surprise);
    }
    return new PictureScore(ConfusionCounts.of(counts), labelled == 0 ? 0 : sum / labelled);
  }

  private void requireClass(int label) {
    if (label >= classes) {
      throw new IllegalStateException(
          "a pixel has the label %d, allowed: 0 to %d, or %d (void)"
              .formatted(label, classes - 1, PixelClass.VOID));
    }
  }

  private void blendRows(
      float[] logits, LayerShape.FeatureMap map, Positions rows, int row, float[] line) {
    int width = map.width();
    float share = rows.shares[row];
    for (int c = 0; c < classes; c++) {
      int upper = (c * map.height() + rows.before[row]) * width;
      int lower = (c * map.height() + rows.after[row]) * width;
      for (int i = 0; i < width; i++) {
        line[c * width + i] = logits[upper + i] + share * (logits[lower + i] - logits[upper + i]);
      }
    }
  }

  private void blendColumns(float[] line, int from, Positions columns, float[] z) {
    int width = columns.before.length;
    for (int c = 0; c < classes; c++) {
      int row = c * from;
      for (int i = 0; i < width; i++) {
        float left = line[row + columns.before[i]];
        z[c * width + i] = left + columns.shares[i] * (line[row + columns.after[i]] - left);
      }
    }
  }

  /** The answers of a row; the number of classes where a logit is not finite. */
  private int[] first(float[] z, int width) {
    int[] answers = new int[width];
    for (int c = 0; c < classes; c++) {
      for (int i = 0; i < width; i++) {
        if (!Float.isFinite(z[c * width + i])) {
          answers[i] = classes;
        } else if (answers[i] < classes && z[c * width + i] > z[answers[i] * width + i]) {
          answers[i] = c;
        }
      }
    }
    return answers;
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

  /** Where the pixels of a line are between those of a line of another length. */
  private static final class Positions {
    private final int[] before;
    private final int[] after;
    private final float[] shares;

    Positions(int length, int from) {
      before = new int[length];
      after = new int[length];
      shares = new float[length];
      Arrays.setAll(before, i -> (int) at(i, length, from));
      Arrays.setAll(after, i -> Math.min(from - 1, before[i] + 1));
      for (int i = 0; i < length; i++) {
        shares[i] = (float) (at(i, length, from) - before[i]);
      }
    }

    private static double at(int i, int length, int from) {
      return Math.min(from - 1, Math.max(0, (i + 0.5) * from / length - 0.5));
    }
  }
}
