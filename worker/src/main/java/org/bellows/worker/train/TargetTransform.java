// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.train;

import java.util.List;
import java.util.Optional;
import org.bellows.conf.LossSettings;
import org.bellows.data.batch.ClassTargets;
import org.bellows.data.batch.LaneBatch;
import org.bellows.data.batch.MultiLabelTargets;

/**
 * From a batch's targets to the input of the loss: smoothed, then 0 or 1 by a threshold, then
 * weighted, then followed by the teacher's answers.
 *
 * <pre>
 * smoothing   t' = (1 - e) * t + e / C            Szegedy et al. 2016, section 7; C classes. Of samples of any
 *                                                 number of classes each is a question with C = 2 answers:
 *                                                 t' = (1 - e) * t + e / 2, as Keras has it
 * threshold   t' > h ? 1 : 0                      Wightman et al. 2021; only where h > 0
 * weights     t" = w * t',  w as {@link ClassWeighting} has it
 * positives   p * t' of all classes, then 1 - t'  p as {@link PositiveWeighting} has it, if there are any
 * </pre>
 *
 * <p>Where each pixel has a class, {@link PixelLabels} says what it is given.
 *
 * <p>The loss stays a mean over samples, not over weights, so that lanes add up: with weights a
 * batch of rare classes counts more.
 */
final class TargetTransform implements AutoCloseable {
  /** Answers to the question whether a sample is of a class. */
  private static final int BINARY = 2;

  private final double smoothing;
  private final double threshold;
  private final double[] weights;

  /** By class; empty where yes counts as no. */
  private final double[] positives;

  private final Teacher teacher;
  private final Optional<PixelLabels> pixels;

  /**
   * @param loss of it {@code label-smoothing} and {@code target-threshold}
   * @param weights one a class, or none
   * @param positives one a class, or none
   * @param teacher or null
   * @param pixels where each pixel has a class
   */
  TargetTransform(
      LossSettings loss,
      List<Double> weights,
      List<Double> positives,
      Teacher teacher,
      Optional<PixelLabels> pixels) {
    this.smoothing = loss.labelSmoothing();
    this.threshold = loss.targetThreshold();
    this.weights = weights.stream().mapToDouble(Double::doubleValue).toArray();
    this.positives = positives.stream().mapToDouble(Double::doubleValue).toArray();
    this.teacher = teacher;
    this.pixels = pixels;
  }

  /** Whether the pixels of the whole global batch must be counted before its losses are taken. */
  boolean needCount() {
    return pixels.isPresent() && pixels.get().needCount();
  }

  /** Pixels of a batch that have a class. */
  long pixels(LaneBatch batch) {
    return pixels.orElseThrow().counted(batch.targets().ofPixels());
  }

  /**
   * @param pixelsOfMean pixels with a class in the global batch / its pictures; used where {@link
   *     #needCount}
   * @return [n, classes], times 2 with a teacher or positive weights, times 3 with both; of pixels
   *     [n, 2, height, width]
   */
  float[] of(LaneBatch batch, double pixelsOfMean) {
    return batch
        .targets()
        .match(
            classes -> of(batch, classes),
            several -> of(batch, several),
            labels -> pixels.orElseThrow().of(labels, pixelsOfMean));
  }

  private float[] of(LaneBatch batch, MultiLabelTargets own) {
    float[] targets = own.learned();
    if (smoothing > 0 || threshold > 0) {
      targets = targets.clone();
      for (int i = 0; i < targets.length; i++) {
        targets[i] = (float) asked(targets[i], BINARY);
      }
    }
    return taught(batch, positives.length == 0 ? targets : weighted(targets));
  }

  /** Yes and no of each class. */
  private float[] weighted(float[] targets) {
    int classes = positives.length;
    float[] yes = targets.clone();
    float[] no = new float[targets.length];
    for (int i = 0; i < targets.length; i++) {
      yes[i] = (float) (positives[i % classes] * targets[i]);
      no[i] = 1 - targets[i];
    }
    return beside(yes, no, targets.length / classes);
  }

  private float[] of(LaneBatch batch, ClassTargets own) {
    int classes = own.classes();
    float[] targets = own.distributions();
    if (smoothing > 0 || threshold > 0 || weights.length > 0) {
      targets = targets.clone();
      for (int i = 0; i < targets.length; i++) {
        double target = asked(targets[i], classes);
        targets[i] = (float) (weights.length == 0 ? target : weights[i % classes] * target);
      }
    }
    return taught(batch, positives.length == 0 ? targets : weighted(targets));
  }

  private float[] taught(LaneBatch batch, float[] targets) {
    return teacher == null
        ? targets
        : beside(
            targets,
            teacher.softTargets(batch.pixels(), batch.sampleIds()),
            batch.sampleIds().length);
  }

  private double asked(float target, int answers) {
    double smoothed = (1 - smoothing) * target + smoothing / answers;
    if (threshold == 0) {
      return smoothed;
    }
    return smoothed > threshold ? 1 : 0;
  }

  /** Row by row. */
  private static float[] beside(float[] first, float[] second, int rows) {
    int left = first.length / rows;
    int right = second.length / rows;
    float[] both = new float[first.length + second.length];
    for (int row = 0; row < rows; row++) {
      int at = row * (left + right);
      System.arraycopy(first, row * left, both, at, left);
      System.arraycopy(second, row * right, both, at + left, right);
    }
    return both;
  }

  /** Whether the teacher has to see the pictures. */
  boolean needPixels() {
    return teacher != null;
  }

  @Override
  public void close() {
    if (teacher != null) {
      teacher.close();
    }
  }
}
