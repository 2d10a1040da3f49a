package org.bellows.worker.tune;

import java.util.Optional;
import org.bellows.data.batch.LaneBatch;
import org.bellows.data.batch.SampleStore;
import org.bellows.models.network.FlatLayout;
import org.bellows.worker.network.LaneNetwork;

/**
 * Nothing is frozen.
 *
 * @param network the caller's to close
 */
public record WholeNetwork(LaneNetwork network) implements Learner {
  @Override
  public FlatLayout layout() {
    return network.layout();
  }

  @Override
  public void writeParameters(float[] vector) {
    network.writeParameters(vector);
  }

  @Override
  public double gradient(LaneBatch batch, float[] targets, long seed, float[] gradient) {
    return network.gradient(batch.pixels(), targets, seed, gradient);
  }

  @Override
  public Optional<SampleStore> store() {
    return Optional.empty();
  }

  @Override
  public void close() {}
}
