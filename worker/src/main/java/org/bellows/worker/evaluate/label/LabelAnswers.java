// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.evaluate.label;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The probabilities of each class for some samples, and of which classes these are: 4 bytes a class
 * and sample. Not thread-safe.
 */
public final class LabelAnswers implements Serializable {
  private static final long serialVersionUID = 1L;

  /** Two arrays with their heads, and their places in the lists. */
  private static final int BYTES_PER_SAMPLE = 64;

  private final int classes;
  private final List<float[]> probabilities = new ArrayList<>();
  private final List<int[]> labels = new ArrayList<>();
  private long notFinite;

  public LabelAnswers(int classes) {
    this.classes = classes;
  }

  /** Bytes of heap that a sample takes. */
  public static long bytes(int classes) {
    return (long) Float.BYTES * classes + BYTES_PER_SAMPLE;
  }

  /**
   * @param answer probability of each class; not copied, not to be changed. If one of them is not
   *     finite, the sample is wrong in each class: its own come after all others, and the others
   *     before all
   * @param own classes of the sample, rising; not copied, not to be changed
   */
  public void add(float[] answer, int[] own) {
    float[] kept = answer;
    if (!isFinite(answer)) {
      notFinite++;
      kept = new float[classes];
      Arrays.fill(kept, Float.POSITIVE_INFINITY);
      for (int label : own) {
        kept[label] = Float.NEGATIVE_INFINITY;
      }
    }
    probabilities.add(kept);
    labels.add(own);
  }

  private static boolean isFinite(float[] answer) {
    for (float probability : answer) {
      if (!Float.isFinite(probability)) {
        return false;
      }
    }
    return true;
  }

  public void add(LabelAnswers other) {
    probabilities.addAll(other.probabilities);
    labels.addAll(other.labels);
    notFinite += other.notFinite;
  }

  public int classes() {
    return classes;
  }

  /** Samples whose answer is not finite. */
  public long notFinite() {
    return notFinite;
  }

  /** The samples by the probability of a class. */
  public PrecisionRecallCurve curve(int label) {
    float[] ofClass = new float[probabilities.size()];
    boolean[] isOfClass = new boolean[ofClass.length];
    for (int i = 0; i < ofClass.length; i++) {
      ofClass[i] = probabilities.get(i)[label];
      isOfClass[i] = Arrays.binarySearch(labels.get(i), label) >= 0;
    }
    return PrecisionRecallCurve.of(ofClass, isOfClass);
  }
}
