// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.batch;

/**
 * Steps {@code firstStep} (inclusive) to {@code endStep} (exclusive) of lanes {@code firstLane}
 * (inclusive) to {@code endLane} (exclusive). Steps are counted from the start of the epoch, and
 * may continue into the next ones.
 */
public record TrainingSpan(int epoch, long firstStep, long endStep, int firstLane, int endLane) {
  public TrainingSpan {
    if (epoch < 0 || firstStep < 0 || endStep < firstStep || firstLane < 0 || endLane < firstLane) {
      throw new IllegalArgumentException(
          "epoch %d, steps %d to %d, lanes %d to %d"
              .formatted(epoch, firstStep, endStep, firstLane, endLane));
    }
  }
}
