// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.train;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.bellows.data.batch.LaneBatch;
import org.bellows.data.batch.TrainingBatches;
import org.bellows.data.random.SplittableSeeds;
import org.bellows.worker.collective.reduce.EvenPartition.IndexRange;
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
  /** A float holds whole numbers up to 2^24: a count is sent as two of these digits. */
  private static final long EXACT = 1 << 20;

  private static final int COUNT_FLOATS = 2;

  private final TrainableNetworks learners;
  private final TargetTransform targets;
  private final ShardedVector sharded;
  private final long seed;

  /** Whether the gradients of the lanes computed last are small enough to be summed. */
  private boolean canBeSummed;

  /** Pixels with a class in the last step's global batch, divided by its pictures. */
  private double pixelsOfMean;

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
    Supplier<LaneBatch> next = targets.needCount() ? counted(step, batches) : batches::next;
    for (Node node : nodes) {
      sums.put(node, sharded.isRounding() ? rounded(step, node, next) : sum(step, node, next));
    }
    return sums;
  }

  /**
   * Takes the batches of all lanes that this worker hosts, and learns from the other workers what
   * theirs hold.
   */
  private Supplier<LaneBatch> counted(long step, TrainingBatches batches) {
    IndexRange mine = sharded.hosted();
    Deque<LaneBatch> taken = new ArrayDeque<>();
    float[] counts = new float[COUNT_FLOATS * sharded.lanes()];
    long samples = 0;
    for (int lane = mine.from(); lane < mine.to(); lane++) {
      LaneBatch batch = batches.next();
      long pixels = targets.pixels(batch);
      long high = pixels / EXACT;
      counts[COUNT_FLOATS * lane] = high;
      counts[COUNT_FLOATS * lane + 1] = pixels % EXACT;
      samples = (long) batch.size() * sharded.lanes();
      taken.add(batch);
    }
    sharded.allGatherLanesInPlace("pixels of step " + step, counts);
    long all = 0;
    for (int i = 0; i < counts.length; i += COUNT_FLOATS) {
      all += ((long) counts[i]) * EXACT + (long) counts[i + 1];
    }
    pixelsOfMean = all / (double) samples;
    return taken::poll;
  }

  private StepVector sum(long step, Node node, Supplier<LaneBatch> batches) {
    GradientSums network = learners.current().network();
    return learners
        .current()
        .take(
            LaneTree.sum(
                node, n -> n.isLeaf() ? checked(step, n.from(), batches) : null, network::add));
  }

  private StepVector rounded(long step, Node node, Supplier<LaneBatch> batches) {
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

  private Sum checked(long step, int lane, Supplier<LaneBatch> batches) {
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
    return learners.current().take(gradient(step, lane, batches::next));
  }

  private Sum gradient(long step, int lane, Supplier<LaneBatch> batches) {
    LaneBatch batch = batches.get();
    if (batch == null || batch.lane() != lane) {
      throw new IllegalStateException("expected a batch of lane " + lane + ", got " + batch);
    }
    long ofStep = SplittableSeeds.derive(seed, SplittableSeeds.Purpose.DROPOUT);
    long ofLane = SplittableSeeds.derive(SplittableSeeds.derive(ofStep, step), lane);
    TrainableNetwork trainable = learners.current();
    return trainable
        .network()
        .ofLane(trainable.input(batch), targets.of(batch, pixelsOfMean), ofLane);
  }

  /** Takes back a vector that is not needed any more. */
  void recycle(StepVector vector) {
    learners.current().recycle(vector);
  }
}
