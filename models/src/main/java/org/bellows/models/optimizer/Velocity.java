// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.optimizer;

/**
 * The place of the learning rate in an update with momentum (Goyal et al. 2017, section 3,
 * "Momentum correction" and remark 2).
 *
 * <pre>
 * outside   v = m * v + g         w -= lr * v      equation 9
 * inside    v = m * v + lr * g    w -= v           equation 10 without its correction
 * </pre>
 *
 * <p>With the rate inside, v remembers old rates, so that after a change it is too large or too
 * small until it has forgotten; the paper corrects by multiplying v with lr(t+1) / lr(t). This is,
 * in exact arithmetic, the form with the rate outside, which is what correction means here: no
 * division, and a rate of 0 does no harm.
 *
 * @param inside factor of a gradient when it is added to the velocity
 * @param outside factor of the velocity when it is added to the parameters
 */
record Velocity(float inside, float outside) {

  static Velocity of(boolean corrected, double learningRate) {
    float rate = (float) learningRate;
    return corrected ? new Velocity(1, rate) : new Velocity(rate, 1);
  }
}
