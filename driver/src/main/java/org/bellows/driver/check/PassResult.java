// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.check;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Predicate;
import org.bellows.models.layer.ParameterKind;
import org.bellows.models.network.FlatLayout;
import org.bellows.models.network.FlatLayout.ParameterSlot;

/**
 * What an engine computes of a batch.
 *
 * @param loss mean over the batch, in nats
 * @param layout of the gradient
 * @param gradient sums over the batch
 * @param probabilities of each image, in inference mode
 */
record PassResult(double loss, FlatLayout layout, float[] gradient, float[] probabilities) {
  /**
   * An array's gradient may be the rounding of large sums whose true value is 0, as that of a bias
   * before BatchNorm is. This share of the largest array's gradient counts as its size.
   */
  private static final double LEAST_SIZE = 1e-3;

  /** |loss - expected| / expected. */
  double lossError(PassResult expected) {
    return Math.abs(loss - expected.loss) / expected.loss;
  }

  /** |gradient - expected| / |expected|. */
  double gradientError(PassResult expected) {
    return difference(expected, 0, gradient.length) / expected.size(0, gradient.length);
  }

  /**
   * The largest |gradient - expected| / (|expected| + 0.001 of the largest |expected|) of an array:
   * a small one that is wrong is lost in the norm of all. The places of running statistics hold
   * moments, so that they have a largest of their own.
   */
  double arrayError(PassResult expected) {
    return Math.max(
        arrayError(expected, ParameterKind::isTrainable),
        arrayError(expected, ParameterKind::isStatistic));
  }

  private double arrayError(PassResult expected, Predicate<ParameterKind> kinds) {
    List<ParameterSlot> arrays =
        layout.segments().stream().filter(array -> kinds.test(array.kind())).toList();
    double largest = 0;
    for (ParameterSlot array : arrays) {
      largest = Math.max(largest, expected.size(array.offset(), array.end()));
    }
    double worst = 0;
    for (ParameterSlot array : arrays) {
      double size = expected.size(array.offset(), array.end()) + LEAST_SIZE * largest;
      worst = Math.max(worst, difference(expected, array.offset(), array.end()) / size);
    }
    return worst;
  }

  /** The L2 norm of a range of the gradient. */
  private double size(int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      sum += (double) gradient[i] * gradient[i];
    }
    return Math.sqrt(sum);
  }

  private double difference(PassResult expected, int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) {
      double off = (double) gradient[i] - expected.gradient[i];
      sum += off * off;
    }
    return Math.sqrt(sum);
  }

  double largestProbabilityError(PassResult expected) {
    double largest = 0;
    for (int i = 0; i < probabilities.length; i++) {
      // Unlike Math.max, a comparison would pass over NaN.
      largest = Math.max(largest, Math.abs((double) probabilities[i] - expected.probabilities[i]));
    }
    return largest;
  }

  /** All bits of the result. */
  String sha256() {
    ByteBuffer bytes = ByteBuffer.allocate(8 + 4 * (gradient.length + probabilities.length));
    bytes.putDouble(loss);
    bytes.asFloatBuffer().put(gradient).put(probabilities);
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.array()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
