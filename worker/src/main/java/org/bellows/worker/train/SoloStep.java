package org.bellows.worker.train;

import java.util.Map;
import org.bellows.conf.Settings;
import org.bellows.models.graph.InputShape;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.worker.collective.Exchange;
import org.bellows.worker.collective.LoneRank;
import org.bellows.worker.collective.reduce.LaneTree;
import org.bellows.worker.collective.reduce.ShardedVector;
import org.bellows.worker.collective.reduce.ShardedVector.Summed;
import org.bellows.worker.network.BatchStatistics;
import org.bellows.worker.network.LaneNetwork;
import org.bellows.worker.tune.ArrayGroups;

/**
 * The steps of a run of one rank and one lane on batches that are given, for measurements: what
 * {@link Trainer} does between reading a batch and the next, with constant learning rate.
 */
public final class SoloStep implements AutoCloseable {
  private final LaneNetwork network;
  private final ShardedVector sharded;
  private final SliceUpdate update;
  private final BatchStatistics statistics;
  private final double learningRate;
  private final float[] vector;
  private final float[] gradient;
  private final float[] before;
  private long step;

  /**
   * @param settings of the optimizer; {@code train.global-batch} is the batch, one lane's
   */
  public SoloStep(NetworkDefinition definition, InputShape input, int classes, Settings settings) {
    if (settings.train().lanes() != 1) {
      throw new IllegalArgumentException(
          "expected a global batch of one lane, actual " + settings.train().lanes() + " lanes");
    }
    this.network =
        new LaneNetwork(
            definition, input, classes, settings.train().seed(), settings.train().stepEngine());
    Exchange exchange = new LoneRank();
    int parameters = network.layout().length();
    this.vector = new float[parameters + 1];
    this.gradient = new float[parameters + 1];
    this.before = new float[parameters];
    this.sharded = new ShardedVector(exchange, vector.length, 1, ArrayNorms.BLOCK_FLOATS);
    ArrayNorms norms = new ArrayNorms(network.layout(), exchange, sharded::slice);
    this.update = new SliceUpdate(ArrayGroups.alike(network.layout()), sharded, settings, norms);
    this.statistics = new BatchStatistics(network.layout());
    this.learningRate = settings.schedule().baseLr();
    network.readParameters(vector);
    update.beginFrom(vector);
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
    gradient[gradient.length - 1] = (float) network.gradient(pixels, targets, step, gradient);
    boolean canBeSummed = NonFiniteSteps.canBeSummed(gradient, 1);
    Summed sum = sharded.reduceScatter(what, Map.of(LaneTree.root(1), gradient), canBeSummed);
    if (!sum.all()) {
      throw new IllegalStateException(what + " is not finite");
    }
    statistics.copy(vector, before);
    update.applyInPlace(vector, sum.owned(), step, learningRate);
    sharded.allGatherInPlace(what, vector);
    statistics.mergeInPlace(vector, before);
    update.average(vector, step);
    network.writeParameters(vector);
    step++;
    return vector[vector.length - 1];
  }

  /** Copies out the parameters; target may be longer. */
  public void readParameters(float[] target) {
    network.readParameters(target);
  }

  @Override
  public void close() {
    network.close();
  }
}
