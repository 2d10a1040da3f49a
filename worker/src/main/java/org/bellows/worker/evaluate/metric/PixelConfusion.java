// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.evaluate.metric;

import java.util.List;
import java.util.stream.IntStream;

/**
 * The figures of one class, or of all, among pixels that have a class in truth (Long, Shelhamer,
 * Darrell 2015, section 5). With n_ij pixels of class i taken for class j, t_i = sum of n_ij over
 * j, p_j = sum of n_ij over i:
 *
 * <pre>
 * IoU of class i   n_ii / (t_i + p_i - n_ii)
 * </pre>
 *
 * A class that neither the truth nor any answer has is undefined, and left out of means. A class
 * that the truth has not, but an answer has, has the IoU 0.
 */
public final class PixelConfusion {
  private final long[] right;
  private final long[] truth;
  private final long[] answered;

  public PixelConfusion(ConfusionCounts counts) {
    int classes = counts.classes();
    right = new long[classes];
    truth = new long[classes];
    answered = new long[classes];
    counts.forEach(
        (actual, predicted, count) -> {
          truth[actual] += count;
          if (predicted < classes) {
            answered[predicted] += count;
            right[predicted] += actual == predicted ? count : 0;
          }
        });
  }

  /** NaN where it is undefined. */
  public double intersectionOverUnion(int label) {
    return (double) right[label] / (truth[label] + answered[label] - right[label]);
  }

  /** The labels of the classes that neither the truth nor any answer has. */
  public List<Integer> undefined() {
    return IntStream.range(0, truth.length)
        .filter(label -> truth[label] + answered[label] == 0)
        .boxed()
        .toList();
  }

  /** Whether no pixel has a class in truth. */
  public boolean isEmpty() {
    return sum(truth) == 0;
  }

  /**
   * The mean of 2 n_ii / (t_i + p_i) over the classes that the truth or an answer has (Dice 1945);
   * NaN where there is none.
   */
  double meanDice() {
    double sum = 0;
    int classes = 0;
    for (int label = 0; label < truth.length; label++) {
      long both = truth[label] + answered[label];
      sum += both == 0 ? 0 : 2 * right[label] / (double) both;
      classes += both == 0 ? 0 : 1;
    }
    return classes == 0 ? Double.NaN : sum / classes;
  }

  /** The share of right pixels; 0 where there is none. */
  double accuracy() {
    long all = sum(truth);
    return all == 0 ? 0 : sum(right) / (double) all;
  }

  /** The mean of each class's share of right pixels, over the classes that the truth has. */
  double meanAccuracy() {
    double sum = 0;
    int classes = 0;
    for (int label = 0; label < truth.length; label++) {
      if (truth[label] > 0) {
        sum += right[label] / (double) truth[label];
        classes++;
      }
    }
    return classes == 0 ? 0 : sum / classes;
  }

  /** The mean over the classes that have one. */
  public double meanIntersectionOverUnion() {
    double sum = 0;
    int classes = 0;
    for (int label = 0; label < truth.length; label++) {
      if (truth[label] + answered[label] > 0) {
        sum += intersectionOverUnion(label);
        classes++;
      }
    }
    return classes == 0 ? 0 : sum / classes;
  }

  /** The mean weighted by the classes' pixels. */
  double frequencyWeightedIntersectionOverUnion() {
    double sum = 0;
    for (int label = 0; label < truth.length; label++) {
      sum += truth[label] == 0 ? 0 : truth[label] * intersectionOverUnion(label);
    }
    long all = sum(truth);
    return all == 0 ? 0 : sum / all;
  }

  private static long sum(long[] values) {
    long sum = 0;
    for (long value : values) {
      sum += value;
    }
    return sum;
  }
}
