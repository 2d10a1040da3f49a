// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.train;

import java.util.Map;
import org.bellows.conf.part.TrainingSettings;
import org.bellows.models.graph.InputShape;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.worker.collective.Communicator;
import org.bellows.worker.collective.SingleRankCommunicator;
import org.bellows.worker.collective.reduce.LaneTree;
import org.bellows.worker.collective.reduce.LaneTree.Node;
import org.bellows.worker.collective.reduce.ShardedVector;
import org.bellows.worker.collective.reduce.ShardedVector.Summed;
import org.bellows.worker.engine.EngineRequest;
import org.bellows.worker.engine.GradientSums.Sum;
import org.bellows.worker.engine.StepVector;
import org.bellows.worker.network.LaneNetwork;
import org.bellows.worker.parallel.LaneThreads;
import org.bellows.worker.train.update.ParameterNorms;
import org.bellows.worker.train.update.SgdStep;
import org.bellows.worker.train.update.SliceUpdate;
import org.bellows.worker.tune.ParameterGroups;

/**
 * The steps of a run of one rank and one lane on batches that are given, for measurements: what
 * {@link Trainer} does between reading a batch and the next, with constant learning rate.
 */
public final class SingleRankStep implements AutoCloseable {
  private final LaneNetwork network;
  private final LaneThreads threads;
  private final ShardedVector sharded;
  private final SgdStep sgd;
  private final double learningRate;
  private long step;

  /**
   * @param settings of the optimizer; {@code train.global-batch} is the batch, one lane's
   */
  public SingleRankStep(
      NetworkDefinition definition, InputShape input, int classes, TrainingSettings settings) {
    if (settings.train().lanes() != 1) {
      throw new IllegalArgumentException(
          "expected a global batch of one lane, actual " + settings.train().lanes() + " lanes");
    }
    this.network =
        new LaneNetwork(
            definition,
            input,
            classes,
            settings.train().seed(),
            EngineRequest.of(settings.train()));
    this.threads = new LaneThreads(1, settings.coresPerLane());
    network.divideCopies(threads);
    Communicator communicator = new SingleRankCommunicator();
    int length = StepVector.length(network.layout().length());
    this.sharded = new ShardedVector(communicator, length, 1, ParameterNorms.BLOCK_FLOATS);
    ParameterNorms norms = new ParameterNorms(network.layout(), communicator, sharded::owned);
    SliceUpdate update =
        new SliceUpdate(ParameterGroups.alike(network.layout()), sharded, settings, norms, threads);
    this.sgd = new SgdStep(update, network.layout());
    this.learningRate = settings.schedule().baseLr();
    network.readParameters(sgd.vector().floats());
    sgd.begin();
  }

  /**
   * Forward, backward and update.
   *
   * @param pixels [n, channels, height, width]
   * @param targets [n, classes]
   * @return mean loss of the batch before the update, in nats
   */
  public double take(float[] pixels, float[] targets) {
    String what = "step " + step;
    Sum lane = network.ofLane(pixels, targets, step);
    boolean canBeSummed = network.isFinite(lane, NonFiniteSteps.factorToBeSummed(1), threads);
    StepVector gradient = network.take(lane);
    Map<Node, float[]> sums = Map.of(LaneTree.root(1), gradient.floats());
    Summed sum = sharded.reduceScatter(what, sums, canBeSummed, false);
    if (!sum.all()) {
      throw new IllegalStateException(what + " is not finite");
    }
    float[] vector = sgd.vector().floats();
    sgd.apply(sum.owned(), step, learningRate, () -> sharded.allGatherInPlace(what, vector));
    network.recycle(gradient);
    network.writeParameters(vector);
    step++;
    return sgd.vector().loss();
  }

  /** Copies out the parameters; target may be longer. */
  public void readParameters(float[] target) {
    network.readParameters(target);
  }

  @Override
  public void close() {
    network.close();
    threads.close();
  }
}
