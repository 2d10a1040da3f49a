// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bellows.data.batch.LaneBatch;
import org.bellows.data.batch.TrainingBatches;
import org.bellows.data.random.SplittableSeeds;
import org.bellows.worker.collective.reduce.LaneTree;
import org.bellows.worker.collective.reduce.LaneTree.Node;
import org.bellows.worker.collective.reduce.ShardedVector;
import org.bellows.worker.engine.GradientSums;
import org.bellows.worker.engine.GradientSums.Sum;
import org.bellows.worker.engine.StepVector;
import org.bellows.worker.tune.TrainableNetwork;

/**
 * The gradients of the lanes that one worker hosts, added up in tree order as far as this worker
 * can on its own: in the engine's memory, unless what is added up must be rounded on the way.
 */
final class LaneGradients {
  private final TrainableNetworks learners;
  private final TargetTransform targets;
  private final ShardedVector sharded;
  private final long seed;

  /** Whether the gradients of the lanes computed last are small enough to be summed. */
  private boolean canBeSummed;

  LaneGradients(
      TrainableNetworks learners, TargetTransform targets, ShardedVector sharded, long seed) {
    this.learners = learners;
    this.targets = targets;
    this.sharded = sharded;
    this.seed = seed;
  }

  /**
   * @param nodes of the lane tree, in lane order
   * @param batches gives the lanes' batches in the same order
   * @return sums by node; give each back with {@link #recycle}. There are at most as many vectors
   *     as the tree is deep and this worker has nodes
   */
  Map<Node, StepVector> compute(long step, List<Node> nodes, TrainingBatches batches) {
    Map<Node, StepVector> sums = new LinkedHashMap<>();
    canBeSummed = true;
    for (Node node : nodes) {
      sums.put(
          node, sharded.isRounding() ? rounded(step, node, batches) : sum(step, node, batches));
    }
    return sums;
  }

  private StepVector sum(long step, Node node, TrainingBatches batches) {
    GradientSums network = learners.current().network();
    return learners
        .current()
        .take(
            LaneTree.sum(
                node, n -> n.isLeaf() ? checked(step, n.from(), batches) : null, network::add));
  }

  private StepVector rounded(long step, Node node, TrainingBatches batches) {
    return LaneTree.sum(
        node,
        n -> n.isLeaf() ? learners.current().take(checked(step, n.from(), batches)) : null,
        this::addRounded);
  }

  private StepVector addRounded(StepVector left, StepVector right) {
    sharded.addInPlace(left.floats(), right.floats());
    recycle(right);
    return left;
  }

  /**
   * Whether the sum over all lanes is finite as far as those of the last {@link #compute} are
   * concerned.
   */
  boolean canBeSummed() {
    return canBeSummed;
  }

  private Sum checked(long step, int lane, TrainingBatches batches) {
    Sum gradient = gradient(step, lane, batches);
    canBeSummed &=
        learners
            .current()
            .network()
            .isFinite(gradient, NonFiniteSteps.factorToBeSummed(sharded.lanes()));
    return gradient;
  }

  /**
   * @param batches whose next is this lane's
   * @return summed over the lane's samples; give it back with {@link #recycle}
   */
  StepVector ofLane(long step, int lane, TrainingBatches batches) {
    return learners.current().take(gradient(step, lane, batches));
  }

  private Sum gradient(long step, int lane, TrainingBatches batches) {
    LaneBatch batch = batches.next();
    if (batch == null || batch.lane() != lane) {
      throw new IllegalStateException("expected a batch of lane " + lane + ", got " + batch);
    }
    long ofStep = SplittableSeeds.derive(seed, SplittableSeeds.Purpose.DROPOUT);
    long ofLane = SplittableSeeds.derive(SplittableSeeds.derive(ofStep, step), lane);
    TrainableNetwork trainable = learners.current();
    return trainable.network().ofLane(trainable.input(batch), targets.of(batch), ofLane);
  }

  /** Takes back a vector that is not needed any more. */
  void recycle(StepVector vector) {
    learners.current().recycle(vector);
  }
}
