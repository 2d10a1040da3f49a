// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.batch;

/**
 * The n samples of one lane in one step.
 *
 * @param step within the epoch, from 0
 * @param sampleIds n positions in the split
 */
public record LaneBatch(int lane, long step, long[] sampleIds, LaneInput input, Targets targets) {
  /** n. */
  public int size() {
    return sampleIds.length;
  }

  /**
   * n x channels x height x width, row-major, normalised.
   *
   * @throws IllegalStateException when the samples came out of a store
   */
  public float[] pixels() {
    return input.match(
        LaneInput.Pictures::pixels,
        stored -> {
          throw new IllegalStateException(
              "lane %d has no pictures in step %d, only cached outputs of its samples"
                  .formatted(lane, step));
        });
  }
}
