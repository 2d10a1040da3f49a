// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.loss;

import java.io.Serializable;

/**
 * The loss of a picture whose pixels each are of a class. With logits z, p = softmax(z) over the
 * classes, and of each pixel its label y and weight w:
 *
 * <pre>
 * loss = factor * (crossEntropy * sum over pixels of w * (1 - p_y)^gamma * -log p_y
 *                  + dice * Dice + lovasz * Lovász-softmax)
 *
 * d loss / d z_j = factor * (crossEntropy * w * f * (p_j - [j = y])
 *                            + p_j * (d_j - sum over classes c of p_c d_c))
 * f              = (1 - p_y)^gamma - gamma * p_y * (1 - p_y)^(gamma - 1) * log p_y
 * d              = derivative of the two others by p
 * </pre>
 *
 * <p>With gamma 0 it is cross-entropy, else the focal loss (Lin et al., "Focal Loss for Dense
 * Object Detection", 2017, section 3). The content of w (class weights, the divisor of the sum) is
 * decided by the caller. A pixel of weight 0 counts nowhere, and its gradient is 0. {@code Dice}
 * and {@code Lovász-softmax} are means over the classes of the picture, and take no weights.
 *
 * <p>Labels are [n, 2, pixels]: the pixels' labels, and after them their weights. Each picture is
 * computed by itself, so that the numbers are the same for every batch size.
 *
 * @param factor of the whole loss: 1, or what an auxiliary head counts
 * @param crossEntropy weight of cross-entropy, 0 and more
 * @param focalGamma 0 and more
 * @param hardShare the share of pixels, those of the highest loss, that cross-entropy is taken of;
 *     more than 0, 1: all
 * @param dice weight of the Dice loss, 0 and more
 * @param lovasz weight of the Lovász-softmax, 0 and more
 */
public record PixelLoss(
    double factor,
    double crossEntropy,
    double focalGamma,
    double hardShare,
    double dice,
    double lovasz)
    implements Serializable {

  /** Plain cross-entropy, times a factor. */
  public static PixelLoss crossEntropy(double factor) {
    return new PixelLoss(factor, 1, 0, 1, 0, 0);
  }

  /** The same loss with another factor. */
  public PixelLoss times(double another) {
    return new PixelLoss(another, crossEntropy, focalGamma, hardShare, dice, lovasz);
  }

  /** Labels of one picture. */
  public static int width(int pixels) {
    return 2 * pixels;
  }

  /**
   * @param z logits of one picture [classes, pixels]; become the gradient
   * @param classes at least 1
   * @param targets this picture's labels and weights from index {@code from} on
   * @return loss of the picture
   */
  public double toGradientInPlace(float[] z, int classes, float[] targets, int from) {
    float[] losses = new float[z.length / classes];
    PixelSoftmax.applyInPlace(z, classes, targets, from, losses);
    return toGradientInPlace(z, classes, targets, from, losses);
  }

  /**
   * The same of probabilities that were computed elsewhere. The loss of a pixel is 87 at most, the
   * logarithm of the smallest normal float.
   *
   * @param p [classes, pixels]; become the gradient by the logits
   */
  public double probabilitiesToGradientInPlace(float[] p, int classes, float[] targets, int from) {
    float[] losses = new float[p.length / classes];
    for (int i = 0; i < losses.length; i++) {
      int label = (int) targets[from + i];
      losses[i] = surprise(p[label * losses.length + i]);
    }
    return toGradientInPlace(p, classes, targets, from, losses);
  }

  /** -log p. */
  private static float surprise(float p) {
    float inverse = 1 / Math.min(1, Math.max(Float.MIN_NORMAL, p));
    return (float) PixelSoftmax.log(inverse);
  }

  /** Whether a pixel's gradient depends on the probabilities of others: Dice, Lovász. */
  public boolean comparesRegions() {
    return dice > 0 || lovasz > 0;
  }

  /** Whether a pixel's slope depends on the losses of others. */
  public boolean comparesPixels() {
    return hardShare < 1;
  }

  /**
   * For those who hold the probabilities themselves, the first of two steps: losses of the pixels
   * from {@code first} to before {@code end}. Without {@link #comparesPixels} slopes are final
   * then, else after {@link #sumInPlace}.
   *
   * @param losses [pixels], probabilities of the labels; become weighted losses
   * @param slopes [pixels], filled: without {@link #comparesRegions} the gradient by logit j is
   *     slope * (p_j - [j = y])
   * @param targets this picture's labels and weights from index {@code from} on
   * @return how many of these pixels have a weight
   */
  public int weighInPlace(
      float[] losses, float[] slopes, float[] targets, int from, int first, int end) {
    for (int i = first; i < end; i++) {
      losses[i] = surprise(losses[i]);
    }
    return crossEntropyInPlace(losses, slopes, targets, from + losses.length, first, end);
  }

  /**
   * The second step, when all pixels are weighed.
   *
   * @param valid how many pixels have a weight
   * @return loss of the picture
   */
  public double sumInPlace(float[] losses, float[] slopes, int valid) {
    if (comparesPixels()) {
      HardPixels.keepInPlace(hardShare, losses, slopes, valid);
    }
    double sum = 0;
    for (float loss : losses) {
      sum += loss;
    }
    return sum;
  }

  /**
   * @param z probabilities; become the gradient by the logits
   * @param losses -log of each label's probability; overwritten
   */
  private double toGradientInPlace(
      float[] z, int classes, float[] targets, int from, float[] losses) {
    int pixels = losses.length;
    float[] slopes = new float[pixels];
    int valid = crossEntropyInPlace(losses, slopes, targets, from + pixels, 0, pixels);
    double loss = sumInPlace(losses, slopes, valid);
    if (comparesRegions()) {
      float[] byProbability = new float[z.length];
      PixelRegion region = new PixelRegion(z, classes, counted(targets, from, pixels));
      loss += dice > 0 ? region.dice(factor * dice, byProbability) : 0;
      loss += lovasz > 0 ? region.lovasz(factor * lovasz, byProbability) : 0;
      throughSoftmaxInPlace(z, byProbability, slopes);
    } else {
      scaleInPlace(z, classes, slopes);
    }
    for (int i = 0; i < pixels; i++) {
      z[((int) targets[from + i]) * pixels + i] -= slopes[i];
    }
    return loss;
  }

  /**
   * @param losses -log p of each label; weighted by this
   * @param slopes filled: the gradient is slope * (p_j - [j = y])
   * @param weights index of the first pixel's weight
   * @return how many of the pixels have a weight
   */
  private int crossEntropyInPlace(
      float[] losses, float[] slopes, float[] targets, int weights, int first, int end) {
    int valid = 0;
    for (int i = first; i < end; i++) {
      float weight = (float) (factor * crossEntropy * targets[weights + i]);
      if (weight == 0) {
        losses[i] = 0;
        slopes[i] = 0;
      } else {
        valid++;
        slopes[i] = focalGamma == 0 ? weight : (float) (weight * focalSlope(losses[i]));
        losses[i] *= focalGamma == 0 ? weight : (float) (weight * focalFactor(losses[i]));
      }
    }
    return valid;
  }

  /**
   * @param surprise -log p
   */
  private double focalFactor(double surprise) {
    return StrictMath.pow(1 - StrictMath.exp(-surprise), focalGamma);
  }

  private double focalSlope(double surprise) {
    double p = StrictMath.exp(-surprise);
    // A pixel without doubt has none, though with gamma below 1 the power is infinite there.
    return p >= 1
        ? 0
        : StrictMath.pow(1 - p, focalGamma)
            + focalGamma * p * StrictMath.pow(1 - p, focalGamma - 1) * surprise;
  }

  /** Labels of the pixels that have a weight, -1 at the others. */
  private static int[] counted(float[] targets, int from, int pixels) {
    int[] labels = new int[pixels];
    for (int i = 0; i < pixels; i++) {
      labels[i] = targets[from + pixels + i] == 0 ? -1 : (int) targets[from + i];
    }
    return labels;
  }

  private static void scaleInPlace(float[] p, int classes, float[] slopes) {
    for (int row = 0; row < classes * slopes.length; row += slopes.length) {
      for (int i = 0; i < slopes.length; i++) {
        p[row + i] *= slopes[i];
      }
    }
  }

  /** p becomes p * (slope + d - sum(p d)). */
  private static void throughSoftmaxInPlace(float[] p, float[] d, float[] slopes) {
    int pixels = slopes.length;
    float[] mean = new float[pixels];
    for (int row = 0; row < p.length; row += pixels) {
      for (int i = 0; i < pixels; i++) {
        mean[i] += p[row + i] * d[row + i];
      }
    }
    for (int row = 0; row < p.length; row += pixels) {
      for (int i = 0; i < pixels; i++) {
        p[row + i] *= slopes[i] + d[row + i] - mean[i];
      }
    }
  }
}
