// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.train;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.bellows.data.batch.LaneBatch;
import org.bellows.data.batch.TrainingBatches;
import org.bellows.data.random.SplittableSeeds;
import org.bellows.worker.collective.reduce.EvenPartition.IndexRange;
import org.bellows.worker.collective.reduce.LaneTree;
import org.bellows.worker.collective.reduce.LaneTree.Node;
import org.bellows.worker.collective.reduce.ShardedVector;
import org.bellows.worker.collective.reduce.SumStream;
import org.bellows.worker.engine.GradientSums;
import org.bellows.worker.engine.GradientSums.Sum;
import org.bellows.worker.engine.GradientSums.VectorProgress;
import org.bellows.worker.engine.StepVector;
import org.bellows.worker.parallel.LaneTasks;
import org.bellows.worker.parallel.VectorParts;
import org.bellows.worker.tune.TrainableNetwork;

/**
 * The gradients of the lanes that one worker hosts, as many at the same time as it has threads for
 * them, added up in tree order as far as this worker can on its own: in the engine's memory, unless
 * what is added up must be rounded on the way.
 */
final class LaneGradients {
  private final TrainableNetworks learners;
  private final TargetTransform targets;
  private final PixelCounts counts;
  private final ShardedVector sharded;
  private final LaneTasks tasks;
  private final VectorParts parts;
  private final long seed;

  /** Whether the gradients of the lanes computed last are small enough to be summed. */
  private boolean canBeSummed;

  /** Of lanes that have been computed: the same, not asked for yet. */
  private final Deque<BooleanSupplier> asked = new ArrayDeque<>();

  /**
   * @param tasks runs as many lanes at the same time as {@code learners} has networks
   * @param parts divides the elements of sums
   */
  LaneGradients(
      TrainableNetworks learners,
      TargetTransform targets,
      ShardedVector sharded,
      LaneTasks tasks,
      VectorParts parts,
      long seed) {
    this.learners = learners;
    this.targets = targets;
    this.counts = new PixelCounts(targets, sharded);
    this.sharded = sharded;
    this.tasks = tasks;
    this.parts = parts;
    this.seed = seed;
  }

  /**
   * @param nodes of the lane tree, in lane order
   * @param batches of the lanes, in the same order
   * @param stream of these sums; is told of what is final before all is, if that is known
   * @return sums by node; give each back with {@link #recycle}. There are at most as many vectors
   *     as the tree is deep and this worker has nodes, and those of lanes that were computed with
   *     another and are not added yet
   */
  Map<Node, StepVector> compute(
      long step, List<Node> nodes, StepBatches batches, SumStream stream) {
    Map<Node, StepVector> sums = new LinkedHashMap<>();
    canBeSummed = true;
    asked.clear();
    Supplier<LaneBatch> next =
        targets.needCount() ? counts.counted(step, batches.lanes()) : batches.lanes();
    Node last = nodes.get(nodes.size() - 1);
    Lanes lanes = new Lanes(step, new StepBatches(next, batches.after()), last.to());
    for (Node node : nodes.subList(0, nodes.size() - 1)) {
      sums.put(node, ofNode(node, lanes));
    }
    sums.put(last, streams() ? streamed(last, lanes, sums, stream) : ofNode(last, lanes));
    // Only now: an answer waits for what the device still computes, and until then the next lane
    // would not be launched.
    while (!asked.isEmpty()) {
      canBeSummed &= asked.remove().getAsBoolean();
    }
    return sums;
  }

  private StepVector ofNode(Node node, Lanes lanes) {
    return sharded.isRounding() ? rounded(node, lanes) : sum(node, lanes);
  }

  /** Whether the last lane's gradient is added up and sent while its pass still runs. */
  private boolean streams() {
    return sharded.buckets() > 1 && tasks.count() == 1 && learners.current().tellsProgress();
  }

  /**
   * Adds up a node whose last lane's gradient becomes final bucket by bucket.
   *
   * @param before the sums of this worker's other nodes
   */
  private StepVector streamed(
      Node node, Lanes lanes, Map<Node, StepVector> before, SumStream stream) {
    List<StepVector> left = new ArrayList<>();
    Node lane = node;
    while (!lane.isLeaf()) {
      left.add(ofNode(lane.left(), lanes));
      lane = lane.right();
    }
    LaneStream progress = new LaneStream(node, left, before, stream);
    StepVector gradient = lanes.stream(lane.from(), progress);
    canBeSummed &= progress.isFinite;
    left.stream().skip(1).forEach(this::recycle);
    if (left.isEmpty()) {
      return gradient;
    }
    recycle(gradient);
    return left.get(0);
  }

  /** Adds the last lane's gradient to its left siblings, from the end to the beginning. */
  private final class LaneStream implements VectorProgress {
    private final Node node;
    private final List<StepVector> left;
    private final Map<Node, StepVector> before;
    private final SumStream stream;
    private int added;
    private boolean isFinite = true;

    /**
     * @param left the sums of the left children on the way from the node to its last lane
     */
    LaneStream(Node node, List<StepVector> left, Map<Node, StepVector> before, SumStream stream) {
      this.node = node;
      this.left = left;
      this.before = before;
      this.stream = stream;
      this.added = sharded.firstBucketFrom(Integer.MAX_VALUE);
    }

    @Override
    public void isFinal(StepVector gradient, int from) {
      int start = sharded.firstBucketFrom(from);
      if (start == added) {
        return;
      }
      float factor = NonFiniteSteps.factorToBeSummed(sharded.lanes());
      isFinite &= gradient.isFinite(factor, start, added, parts);
      StepVector sum = gradient;
      for (int i = left.size() - 1; i >= 0; i--) {
        sharded.addInPlace(left.get(i).floats(), sum.floats(), start, added);
        sum = left.get(i);
      }
      added = start;
      Map<Node, float[]> sums = new HashMap<>();
      before.forEach((other, vector) -> sums.put(other, vector.floats()));
      sums.put(node, sum.floats());
      stream.isFinal(sums, start);
    }
  }

  /** The lanes of a step from first to last, computed in groups. */
  private final class Lanes {
    private final long step;
    private final StepBatches batches;
    private final int end;
    private final Deque<Sum> ready = new ArrayDeque<>();

    Lanes(long step, StepBatches batches, int end) {
      this.step = step;
      this.batches = batches;
      this.end = end;
    }

    /**
     * @param lane the one after that of the last call
     */
    Sum take(int lane) {
      if (ready.isEmpty()) {
        int to = Math.min(end, lane + tasks.count());
        List<LaneBatch> group = group(lane, to, batches.lanes());
        List<Computed> computed = tasks.run(group.size(), i -> checked(step, group.get(i), i));
        if (to == end) {
          // Before the sum is waited for: a device may still compute, and nothing is sent to it.
          batches.after().get().ifPresent(learners.current()::expect);
        }
        for (Computed each : computed) {
          asked.add(each.canBeSummed());
          ready.add(each.gradient());
        }
      }
      return ready.remove();
    }

    /** Likewise, alone. */
    StepVector stream(int lane, VectorProgress progress) {
      LaneBatch batch = group(lane, lane + 1, batches.lanes()).get(0);
      TrainableNetwork trainable = learners.current();
      return trainable.ofLane(
          trainable.input(batch),
          targets.of(batch, counts.ofMean()),
          seedOf(step, batch.lane()),
          progress);
    }
  }

  /**
   * @param gradient of a lane
   * @param canBeSummed whether it is small enough to be summed
   */
  private record Computed(Sum gradient, BooleanSupplier canBeSummed) {}

  /** The next batches, which must be of these lanes. */
  private static List<LaneBatch> group(int from, int to, Supplier<LaneBatch> batches) {
    List<LaneBatch> group = new ArrayList<>();
    for (int lane = from; lane < to; lane++) {
      LaneBatch batch = batches.get();
      if (batch == null || batch.lane() != lane) {
        throw new IllegalStateException("expected a batch of lane " + lane + ", got " + batch);
      }
      group.add(batch);
    }
    return group;
  }

  private StepVector sum(Node node, Lanes lanes) {
    GradientSums network = learners.current().network();
    return learners
        .current()
        .take(
            LaneTree.sum(
                node,
                n -> n.isLeaf() ? lanes.take(n.from()) : null,
                (left, right) -> network.add(left, right, parts)));
  }

  private StepVector rounded(Node node, Lanes lanes) {
    return LaneTree.sum(
        node,
        n -> n.isLeaf() ? learners.current().take(lanes.take(n.from())) : null,
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

  private Computed checked(long step, LaneBatch batch, int place) {
    Sum gradient = gradient(step, batch, place);
    float factor = NonFiniteSteps.factorToBeSummed(sharded.lanes());
    // Lanes beside one another have no processors to spare.
    VectorParts some = tasks.count() == 1 ? parts : VectorParts.ONE;
    return new Computed(
        gradient, learners.current(place).network().askFinite(gradient, factor, some));
  }

  /** The most lanes that {@link #ofLanes} takes. */
  int most() {
    return tasks.count();
  }

  /**
   * The gradients of consecutive lanes, each for itself.
   *
   * @param lanes at most {@link #most}
   * @param batches whose next is the first lane's
   * @return by lane, each summed over the lane's samples; give each back with {@link #recycle(int,
   *     StepVector)}
   */
  List<StepVector> ofLanes(long step, IndexRange lanes, TrainingBatches batches) {
    List<LaneBatch> group = group(lanes.from(), lanes.to(), batches::next);
    return tasks.run(
        group.size(),
        place -> learners.current(place).take(gradient(step, group.get(place), place)));
  }

  /**
   * The same, each with parameters of its own.
   *
   * @param parameters by lane
   * @param lane the first
   */
  List<StepVector> ofLanes(long step, List<float[]> parameters, int lane, TrainingBatches batches) {
    List<LaneBatch> group = group(lane, lane + parameters.size(), batches::next);
    return tasks.run(
        group.size(),
        place -> {
          TrainableNetwork own = learners.current(place);
          own.writeParameters(parameters.get(place));
          return own.take(gradient(step, group.get(place), place));
        });
  }

  /**
   * @param place of the network that computes it
   */
  private Sum gradient(long step, LaneBatch batch, int place) {
    TrainableNetwork trainable = learners.current(place);
    return trainable
        .network()
        .ofLane(
            trainable.input(batch), targets.of(batch, counts.ofMean()), seedOf(step, batch.lane()));
  }

  /** Of dropout. */
  private long seedOf(long step, int lane) {
    long ofStep = SplittableSeeds.derive(seed, SplittableSeeds.Purpose.DROPOUT);
    return SplittableSeeds.derive(SplittableSeeds.derive(ofStep, step), lane);
  }

  /** Takes back a vector that is not needed any more. */
  void recycle(StepVector vector) {
    recycle(0, vector);
  }

  /**
   * @param place of the lane among those that were computed at the same time
   */
  void recycle(int place, StepVector vector) {
    learners.current(place).recycle(vector);
  }
}
