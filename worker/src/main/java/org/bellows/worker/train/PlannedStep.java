// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.train;

/**
 * The properties of a step before it is computed.
 *
 * @param number updates done before this one, from 0
 * @param epoch from 0
 * @param endsEpoch whether it is its epoch's last
 * @param images of all lanes together
 */
record PlannedStep(long number, int epoch, boolean endsEpoch, double learningRate, int images) {

  @Override
  public String toString() {
    return "step " + number;
  }
}
