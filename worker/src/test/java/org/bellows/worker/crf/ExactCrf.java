// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.crf;

import org.bellows.conf.CrfSettings;
import org.bellows.data.decode.image.RasterImage;

/**
 * The same field with each sum over all pairs of pixels written out, in double precision: the
 * oracle for small pictures.
 */
final class ExactCrf {
  private final CrfSettings settings;

  ExactCrf(CrfSettings settings) {
    this.settings = settings;
  }

  /**
   * @return probabilities [classes, pixels]
   */
  double[] probabilities(float[] logits, int classes, RasterImage picture) {
    int pixels = picture.height() * picture.width();
    double[][] appearance = normalised(pixels, (i, j) -> appearance(picture, i, j));
    double[][] smoothness = normalised(pixels, (i, j) -> smoothness(picture, i, j));
    double[] unary = new double[logits.length];
    double[] first = softmax(doubles(logits), classes);
    for (int i = 0; i < unary.length; i++) {
      unary[i] = Math.log(first[i]);
    }
    double[] q = first;
    for (int iteration = 0; iteration < settings.iterations(); iteration++) {
      double[] z = unary.clone();
      for (int c = 0; c < classes; c++) {
        for (int i = 0; i < pixels; i++) {
          for (int j = 0; j < pixels; j++) {
            double k =
                settings.appearanceWeight() * appearance[i][j]
                    + settings.smoothnessWeight() * smoothness[i][j];
            z[c * pixels + i] += k * q[c * pixels + j];
          }
        }
      }
      q = softmax(z, classes);
    }
    return q;
  }

  static double[] softmax(double[] z, int classes) {
    int pixels = z.length / classes;
    double[] q = new double[z.length];
    for (int i = 0; i < pixels; i++) {
      double top = Double.NEGATIVE_INFINITY;
      for (int c = 0; c < classes; c++) {
        top = Math.max(top, z[c * pixels + i]);
      }
      double sum = 0;
      for (int c = 0; c < classes; c++) {
        sum += Math.exp(z[c * pixels + i] - top);
      }
      for (int c = 0; c < classes; c++) {
        q[c * pixels + i] = Math.exp(z[c * pixels + i] - top) / sum;
      }
    }
    return q;
  }

  static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }

  private interface Weight {
    double of(int i, int j);
  }

  private static double[][] normalised(int pixels, Weight weight) {
    double[][] k = new double[pixels][pixels];
    double[] sums = new double[pixels];
    for (int i = 0; i < pixels; i++) {
      for (int j = 0; j < pixels; j++) {
        k[i][j] = weight.of(i, j);
        sums[i] += k[i][j];
      }
    }
    for (int i = 0; i < pixels; i++) {
      for (int j = 0; j < pixels; j++) {
        k[i][j] /= Math.sqrt(sums[i] * sums[j]);
      }
    }
    return k;
  }

  private double appearance(RasterImage picture, int i, int j) {
    double colours = 0;
    for (int channel = 0; channel < picture.channels(); channel++) {
      double difference = value(picture, i, channel) - value(picture, j, channel);
      colours += difference * difference;
    }
    return Math.exp(
        -distance(picture, i, j) / (2 * square(settings.appearancePixels()))
            - colours * (3.0 / picture.channels()) / (2 * square(settings.appearanceLevels())));
  }

  private double smoothness(RasterImage picture, int i, int j) {
    return Math.exp(-distance(picture, i, j) / (2 * square(settings.smoothnessPixels())));
  }

  private static double square(double value) {
    return value * value;
  }

  private static int value(RasterImage picture, int pixel, int channel) {
    return picture.interleaved()[pixel * picture.channels() + channel] & 0xFF;
  }

  private static double distance(RasterImage picture, int i, int j) {
    int rows = i / picture.width() - j / picture.width();
    int columns = i % picture.width() - j % picture.width();
    return rows * rows + columns * columns;
  }
}
