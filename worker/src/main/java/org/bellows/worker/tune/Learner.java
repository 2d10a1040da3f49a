package org.bellows.worker.tune;

import java.util.Optional;
import org.bellows.data.batch.LaneBatch;
import org.bellows.data.batch.SampleStore;
import org.bellows.models.network.FlatLayout;

/**
 * Computes the gradient of one lane batch for the layers that learn in one phase. Vectors are those
 * of the whole network.
 */
public sealed interface Learner extends AutoCloseable permits WholeNetwork, RestOfNetwork {

  /** Of the whole network; what does not learn is marked as frozen. */
  FlatLayout layout();

  /** Takes over the parameters of the layers that learn. */
  void writeParameters(float[] vector);

  /**
   * @param targets as the network's loss takes them
   * @param seed of dropout
   * @param gradient [at least the layout's length]; as {@code LaneNetwork.gradient} has it for what
   *     learns, left as it is for what does not
   * @return sum of the loss over the samples
   */
  double gradient(LaneBatch batch, float[] targets, long seed, float[] gradient);

  /** What has been computed of samples for good. */
  Optional<SampleStore> store();

  /** Frees what belongs to the phase; the whole network stays. */
  @Override
  void close();
}
