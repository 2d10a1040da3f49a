package org.bellows.worker.tune;

import java.util.Optional;
import org.bellows.data.batch.LaneBatch;
import org.bellows.data.batch.SampleStore;
import org.bellows.models.network.FlatLayout;
import org.bellows.worker.engine.GradientSums.Sum;
import org.bellows.worker.engine.StepVector;
import org.bellows.worker.network.LaneNetwork;

/**
 * The layers that learn in one phase: as a network, what it takes of a batch, and where its
 * parameters lie among those of the whole network, whose vectors are the only ones outside.
 */
public sealed interface TrainableNetwork extends AutoCloseable permits FullTraining, TailTraining {

  /** Of the whole network; what does not learn is marked as frozen. */
  FlatLayout layout();

  /** Takes over the parameters of the layers that learn. */
  void writeParameters(float[] vector);

  /** The layers that learn; computes gradients in vectors of its own. */
  LaneNetwork network();

  /**
   * What {@link #network} takes of a batch's samples.
   *
   * @return [n, elements of one sample]
   */
  float[] input(LaneBatch batch);

  /**
   * Brings a sum of gradients into a vector of the whole network.
   *
   * @param sum of {@link #network}; may not be used any more
   * @return zero in the places of what does not learn; the caller's, to be given back with {@link
   *     #recycle} if this learns still
   */
  StepVector take(Sum sum);

  /** Takes back a vector that {@link #take} gave, for later sums. */
  void recycle(StepVector vector);

  /** What has been computed of samples for good. */
  Optional<SampleStore> store();

  /** Frees what belongs to the phase; the whole network stays. */
  @Override
  void close();
}
