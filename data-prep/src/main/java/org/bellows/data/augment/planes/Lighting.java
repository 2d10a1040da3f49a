// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.augment.planes;

import org.bellows.data.random.SampleRandom;

/**
 * PCA lighting: Krizhevsky et al. 2012, "ImageNet Classification with Deep Convolutional Neural
 * Networks", section 4.1. To every RGB pixel of a picture the same vector is added,
 *
 * <pre>
 *   [p1, p2, p3] [a1 l1, a2 l2, a3 l3]^T
 * </pre>
 *
 * <p>p and l: eigenvectors and eigenvalues of the covariance of ImageNet's RGB values in 0..1, in
 * the digits that fb.resnet.torch published; a: drawn once a picture from N(0, deviation^2), in the
 * paper 0.1.
 *
 * <p>It is added after normalisation, divided by the channel's deviation: the same numbers as
 * before it, and neither rounded nor clipped.
 *
 * @param deviation of a, greater than 0
 * @param normaliser of three channels
 */
public record Lighting(double deviation, Normalizer normaliser) implements TensorAugmentation {
  private static final int COMPONENTS = 3;

  @Override
  public void applyInPlace(ChannelPlanes planes, SampleRandom random) {
    double[] weights = new double[COMPONENTS];
    for (int component = 0; component < COMPONENTS; component++) {
      weights[component] = deviation * random.nextGaussian();
    }
    int area = planes.height() * planes.width();
    for (int channel = 0; channel < planes.channels(); channel++) {
      float added = normaliser.difference(channel, shift(channel, weights));
      int from = planes.at(channel, 0);
      for (int i = from; i < from + area; i++) {
        planes.values()[i] += added;
      }
    }
  }

  /**
   * @param weights a
   * @return the number that is added to this channel, of 0..1
   */
  static double shift(int channel, double[] weights) {
    double sum = 0;
    for (int component = 0; component < COMPONENTS; component++) {
      sum += eigenvector(component)[channel] * weights[component] * eigenvalue(component);
    }
    return sum;
  }

  private static double eigenvalue(int component) {
    return switch (component) {
      case 0 -> 0.2175;
      case 1 -> 0.0188;
      default -> 0.0045;
    };
  }

  /** Red, green, blue. */
  private static double[] eigenvector(int component) {
    return switch (component) {
      case 0 -> new double[] {-0.5675, -0.5808, -0.5836};
      case 1 -> new double[] {0.7192, -0.0045, -0.6948};
      default -> new double[] {0.4009, -0.8140, 0.4203};
    };
  }
}
