// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.check;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What an engine computes of a batch.
 *
 * @param loss mean over the batch, in nats
 * @param gradient in the layout's order, sums over the batch
 * @param probabilities of each image, in inference mode
 */
record PassResult(double loss, float[] gradient, float[] probabilities) {
  /** |loss - expected| / expected. */
  double lossError(PassResult expected) {
    return Math.abs(loss - expected.loss) / expected.loss;
  }

  /** |gradient - expected| / |expected|. */
  double gradientError(PassResult expected) {
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < gradient.length; i++) {
      double off = (double) gradient[i] - expected.gradient[i];
      difference += off * off;
      norm += (double) expected.gradient[i] * expected.gradient[i];
    }
    return Math.sqrt(difference / norm);
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
