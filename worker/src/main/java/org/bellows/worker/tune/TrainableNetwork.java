// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.tune;

import java.util.Optional;
import org.bellows.data.batch.LaneBatch;
import org.bellows.data.batch.SampleStore;
import org.bellows.models.network.FlatLayout;
import org.bellows.worker.engine.GradientSums.Sum;
import org.bellows.worker.engine.GradientSums.VectorProgress;
import org.bellows.worker.engine.StepVector;
import org.bellows.worker.network.LaneNetwork;

/**
 * The layers that learn in one phase: as a network, its input from a batch, and the place of its
 * parameters in the vector of the whole network, the only one that is used outside.
 */
public sealed interface TrainableNetwork extends AutoCloseable permits FullTraining, TailTraining {

  /** The layout of the whole network; layers that do not learn are marked as frozen. */
  FlatLayout layout();

  /** Takes over the parameters of the layers that learn. */
  void writeParameters(float[] vector);

  /** The layers that learn; computes gradients in vectors of its own. */
  LaneNetwork network();

  /**
   * The input that {@link #network} takes of a batch's samples.
   *
   * @return [n, elements of one sample]
   */
  float[] input(LaneBatch batch);

  /** Tells {@link #network} of the batch that it computes next, where its input is known. */
  void expect(LaneBatch next);

  /**
   * Brings a sum of gradients into a vector of the whole network.
   *
   * @param sum of {@link #network}; may not be used any more
   * @return zero in the places of what does not learn; the caller's, to be given back with {@link
   *     #recycle} if this learns still
   */
  StepVector take(Sum sum);

  /**
   * Whether a lane's gradient is told of, as a vector of the whole network, before the end of its
   * pass.
   */
  boolean tellsProgress();

  /**
   * The gradient of one lane as a vector of the whole network, of a network that {@link
   * #tellsProgress}.
   *
   * @param input as {@link #input} gives it
   * @param progress hears how much of it is final
   * @return likewise, to be given back with {@link #recycle}
   */
  StepVector ofLane(float[] input, float[] targets, long seed, VectorProgress progress);

  /** Takes back a vector that {@link #take} gave, for later sums. */
  void recycle(StepVector vector);

  /**
   * The same layers for another thread: both may compute at the same time.
   *
   * @param ownParameters whether the layers that learn have parameters of their own, and not those
   *     that are written here
   * @return to be closed before this
   */
  TrainableNetwork beside(boolean ownParameters);

  /** Cached outputs of samples that need not be computed again. */
  Optional<SampleStore> store();

  /** Releases the memory of the phase; the whole network stays. */
  @Override
  void close();
}
