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
 * Nothing is frozen.
 *
 * @param network not closed with this: it is another's, or closed with the one that it is beside
 */
public record FullTraining(LaneNetwork network) implements TrainableNetwork {
  @Override
  public FlatLayout layout() {
    return network.layout();
  }

  @Override
  public void writeParameters(float[] vector) {
    network.writeParameters(vector);
  }

  @Override
  public float[] input(LaneBatch batch) {
    return batch.pixels();
  }

  @Override
  public void expect(LaneBatch next) {
    network.expect(next.pixels());
  }

  @Override
  public StepVector take(Sum sum) {
    return network.take(sum);
  }

  @Override
  public boolean tellsProgress() {
    return network.tellsProgress();
  }

  @Override
  public StepVector ofLane(float[] input, float[] targets, long seed, VectorProgress progress) {
    return network.ofLane(input, targets, seed, progress);
  }

  @Override
  public void recycle(StepVector vector) {
    network.recycle(vector);
  }

  @Override
  public TrainableNetwork beside(boolean ownParameters) {
    return new FullTraining(network.beside(ownParameters));
  }

  @Override
  public Optional<SampleStore> store() {
    return Optional.empty();
  }

  @Override
  public void close() {}
}
