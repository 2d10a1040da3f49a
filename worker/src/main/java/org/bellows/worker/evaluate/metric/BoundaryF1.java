// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.evaluate.metric;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.bellows.data.manifest.PixelClass;

/**
 * How well the borders of classes are met in one picture (Csurka, Larlus, Perronnin 2013, "What is
 * a good evaluation measure for semantic segmentation?", section 3). A border pixel of class c is
 * one of class c with a neighbour above, below, left or right that is of another class or void.
 * With a tolerance of 0.0075 of the picture's diagonal,
 *
 * <pre>
 * precision   share of the answer's border pixels of c with one of the truth within the tolerance
 * recall      share of the truth's with one of the answer
 * F1          2 precision recall / (precision + recall); 0 where neither is met
 * </pre>
 *
 * A class that the truth has not is undefined. One that fills the truth has no border there: its F1
 * is 1 where the answer has none either, else 0. Pixels that are void in truth are void in the
 * answer, too.
 */
public final class BoundaryF1 {
  private static final double TOLERANCE = 0.0075;

  private final int height;
  private final int width;
  private final int classes;
  private final byte[] truth;

  /** Border pixels have their label, others are void. */
  private final byte[] truthBorder;

  private final byte[] answerBorder;
  private final List<int[]> nearestFirst;

  private BoundaryF1(byte[] truth, byte[] answer, int height, int classes) {
    this.height = height;
    this.width = truth.length / height;
    this.classes = classes;
    this.truth = truth;
    this.truthBorder = border(truth, truth);
    this.answerBorder = border(answer, truth);
    this.nearestFirst = disc(TOLERANCE * Math.hypot(height, width));
  }

  /**
   * The F1 of each class in one picture.
   *
   * @param truth labels [height, width], or void
   * @param answer labels [height, width]; void where there is no answer
   * @param height of the picture
   * @return by class; NaN where it is undefined
   */
  public static double[] ofClasses(byte[] truth, byte[] answer, int height, int classes) {
    return new BoundaryF1(truth, answer, height, classes).ofClasses();
  }

  private double[] ofClasses() {
    long[] pixels = counts(truth);
    long[] ofTruth = counts(truthBorder);
    long[] ofAnswer = counts(answerBorder);
    long[] met = met(truthBorder, answerBorder);
    long[] right = met(answerBorder, truthBorder);
    double[] f1 = new double[classes];
    for (int c = 0; c < classes; c++) {
      if (pixels[c] == 0) {
        f1[c] = Double.NaN;
      } else if (ofTruth[c] == 0 || ofAnswer[c] == 0) {
        f1[c] = ofTruth[c] == ofAnswer[c] ? 1 : 0;
      } else {
        double precision = right[c] / (double) ofAnswer[c];
        double recall = met[c] / (double) ofTruth[c];
        f1[c] = precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall);
      }
    }
    return f1;
  }

  private long[] counts(byte[] labels) {
    long[] counts = new long[PixelClass.VOID + 1];
    for (byte label : labels) {
      counts[label & 0xFF]++;
    }
    return Arrays.copyOf(counts, classes);
  }

  private byte[] border(byte[] labels, byte[] hidden) {
    byte[] border = new byte[labels.length];
    Arrays.fill(border, (byte) PixelClass.VOID);
    for (int row = 0; row < height; row++) {
      for (int column = 0; column < width; column++) {
        int at = row * width + column;
        boolean isBorder =
            row > 0 && differ(labels, hidden, at, at - width)
                || row < height - 1 && differ(labels, hidden, at, at + width)
                || column > 0 && differ(labels, hidden, at, at - 1)
                || column < width - 1 && differ(labels, hidden, at, at + 1);
        if (isBorder && (hidden[at] & 0xFF) != PixelClass.VOID) {
          border[at] = labels[at];
        }
      }
    }
    return border;
  }

  private static boolean differ(byte[] labels, byte[] hidden, int at, int neighbour) {
    return labels[at] != labels[neighbour] || (hidden[neighbour] & 0xFF) == PixelClass.VOID;
  }

  /** Of the border pixels of each class, those with one of the other border near them. */
  private long[] met(byte[] border, byte[] other) {
    long[] met = new long[PixelClass.VOID + 1];
    for (int row = 0; row < height; row++) {
      for (int column = 0; column < width; column++) {
        byte label = border[row * width + column];
        if ((label & 0xFF) != PixelClass.VOID && isNear(other, label, row, column)) {
          met[label & 0xFF]++;
        }
      }
    }
    return met;
  }

  private boolean isNear(byte[] border, byte label, int row, int column) {
    for (int[] step : nearestFirst) {
      int y = row + step[0];
      int x = column + step[1];
      if (y >= 0 && y < height && x >= 0 && x < width && border[y * width + x] == label) {
        return true;
      }
    }
    return false;
  }

  private static List<int[]> disc(double radius) {
    List<int[]> steps = new ArrayList<>();
    int reach = (int) radius;
    for (int y = -reach; y <= reach; y++) {
      for (int x = -reach; x <= reach; x++) {
        if (x * x + y * y <= radius * radius) {
          steps.add(new int[] {y, x});
        }
      }
    }
    steps.sort(Comparator.comparingInt(step -> step[0] * step[0] + step[1] * step[1]));
    return steps;
  }
}
