// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine;

/**
 * Hears, while a backward pass runs, how much of the flat gradient is final. A pass goes from the
 * last layer to the first, so it is the vector's end that is final first.
 */
@FunctionalInterface
public interface GradientProgress {
  /** Does not listen. */
  GradientProgress NONE = (from, loss) -> {};

  /**
   * What comes from an element on is in place and does not change any more. Called by the thread
   * that computes, which goes on afterwards.
   *
   * @param from below that of the last call; 0 at the end of each pass
   * @param loss of the pass, as {@link StepEngine#gradient} returns it
   */
  void isFinal(int from, double loss);
}
