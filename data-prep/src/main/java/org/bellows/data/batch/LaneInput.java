// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.batch;

import java.util.Optional;
import java.util.function.Function;

/** The form in which a lane's n samples are given to the network. */
public sealed interface LaneInput {
  <R> R match(Function<Pictures, R> pictures, Function<Stored, R> stored);

  /**
   * Decoded and augmented.
   *
   * @param pixels n x channels x height x width, row-major, normalised; mixed if the settings say
   *     so
   * @param masks n x height x width labels, row-major; none where the dataset has no label maps
   */
  record Pictures(float[] pixels, Optional<byte[]> masks) implements LaneInput {
    @Override
    public <R> R match(Function<Pictures, R> pictures, Function<Stored, R> stored) {
      return pictures.apply(this);
    }
  }

  /**
   * Stored results for all samples from a {@link SampleStore}; no picture was decoded.
   *
   * @param values n x the store's length
   */
  record Stored(float[] values) implements LaneInput {
    @Override
    public <R> R match(Function<Pictures, R> pictures, Function<Stored, R> stored) {
      return stored.apply(this);
    }
  }
}
