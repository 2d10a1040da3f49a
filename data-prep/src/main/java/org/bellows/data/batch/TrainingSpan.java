package org.bellows.data.batch;

/**
 * A part of an epoch: steps {@code firstStep} (inclusive, within the epoch) to {@code endStep}
 * (exclusive) of lanes {@code firstLane} (inclusive) to {@code endLane} (exclusive).
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
