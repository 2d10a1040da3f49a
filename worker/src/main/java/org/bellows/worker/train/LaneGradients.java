package org.bellows.worker.train;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bellows.data.batch.LaneBatch;
import org.bellows.data.batch.TrainingBatches;
import org.bellows.data.random.SplittableSeeds;
import org.bellows.worker.collective.reduce.LaneTree;
import org.bellows.worker.collective.reduce.LaneTree.Node;
import org.bellows.worker.collective.reduce.ShardedVector;

/**
 * The gradients of the lanes that one worker hosts, added up in tree order as far as this worker
 * can on its own. The vectors are one float longer than the parameters: the lane's loss is summed
 * there.
 */
final class LaneGradients {
  private final Learners learners;
  private final TaughtTargets targets;
  private final ShardedVector sharded;
  private final int length;
  private final long seed;

  /** Of the lanes computed last. */
  private boolean canBeSummed;

  /**
   * Vectors not in use. At most depth of the tree + nodes of this worker exist. Zero in the places
   * of what is frozen: nothing was ever written there, as more and more learns.
   */
  private final Deque<float[]> spare = new ArrayDeque<>();

  LaneGradients(Learners learners, TaughtTargets targets, ShardedVector sharded, long seed) {
    this.learners = learners;
    this.targets = targets;
    this.sharded = sharded;
    this.length = learners.current().layout().length() + 1;
    this.seed = seed;
  }

  /**
   * @param nodes of the lane tree, in lane order
   * @param batches gives the lanes' batches in the same order
   * @return sums [parameters + 1] by node; give them back with {@link #recycle}
   */
  Map<Node, float[]> compute(long step, List<Node> nodes, TrainingBatches batches) {
    Map<Node, float[]> sums = new LinkedHashMap<>();
    canBeSummed = true;
    for (Node node : nodes) {
      sums.put(
          node,
          LaneTree.sum(node, n -> n.isLeaf() ? checked(step, n.from(), batches) : null, this::add));
    }
    return sums;
  }

  /**
   * Whether the sum over all lanes is finite as far as those of the last {@link #compute} are
   * concerned.
   */
  boolean canBeSummed() {
    return canBeSummed;
  }

  private float[] checked(long step, int lane, TrainingBatches batches) {
    float[] gradient = ofLane(step, lane, batches);
    canBeSummed &= NonFiniteSteps.canBeSummed(gradient, sharded.lanes());
    return gradient;
  }

  /**
   * @param batches whose next is this lane's
   * @return summed over the lane's samples [parameters + 1]; give it back with {@link #recycle}
   */
  float[] ofLane(long step, int lane, TrainingBatches batches) {
    LaneBatch batch = batches.next();
    if (batch == null || batch.lane() != lane) {
      throw new IllegalStateException("expected a batch of lane " + lane + ", got " + batch);
    }
    float[] vector = spare.isEmpty() ? new float[length] : spare.pop();
    long ofStep = SplittableSeeds.derive(seed, SplittableSeeds.Purpose.DROPOUT);
    long ofLane = SplittableSeeds.derive(SplittableSeeds.derive(ofStep, step), lane);
    vector[length - 1] =
        (float) learners.current().gradient(batch, targets.of(batch), ofLane, vector);
    return vector;
  }

  private float[] add(float[] left, float[] right) {
    sharded.addInPlace(left, right);
    spare.push(right);
    return left;
  }

  void recycle(Map<Node, float[]> sums) {
    spare.addAll(sums.values());
  }

  void recycle(float[] gradient) {
    spare.add(gradient);
  }
}
