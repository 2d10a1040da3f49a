// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.train.update;

import org.bellows.worker.collective.reduce.OwnedParts;
import org.bellows.worker.collective.reduce.OwnedParts.OwnedPart;

/**
 * Exponential moving average of the parameters (Polyak and Juditsky 1992 averaged evenly; in this
 * form Szegedy et al. 2016, section 8, and EfficientNet's code), of the owned elements only:
 *
 * <pre>
 * d = min(decay, (1 + t) / (10 + t))       t: updates done, from 1
 * average = d * average + (1 - d) * w
 * </pre>
 *
 * <p>The smaller d of the first steps is TensorFlow's {@code num_updates}: without it the random
 * parameters of the start would stay in the average for thousands of steps. BatchNorm's running
 * statistics are averaged, too.
 */
final class MovingAverage {
  private final OwnedParts owned;
  private final double decay;
  private final float[] average;

  MovingAverage(OwnedParts owned, double decay) {
    this.owned = owned;
    this.decay = decay;
    this.average = new float[owned.length()];
  }

  /** Takes a vector's elements as the average; the vector may end before the last owned one. */
  void set(float[] vector) {
    owned.read(vector, average);
  }

  /**
   * @param vector flat, after update number {@code updates}
   */
  void update(float[] vector, long updates) {
    double share = Math.min(decay, (1.0 + updates) / (10.0 + updates));
    float weight = (float) (1 - share);
    for (OwnedPart part : owned.parts()) {
      int shift = part.shift();
      for (int i = part.at(); i < part.at() + part.length(); i++) {
        average[i] += weight * (vector[shift + i] - average[i]);
      }
    }
  }

  /** [owned length]. */
  float[] values() {
    return average;
  }

  /** Puts the average into its place of a flat vector. */
  void read(float[] vector) {
    owned.write(average, vector);
  }
}
