// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bellows.conf.part.TrainingSettings;
import org.bellows.data.batch.TrainingBatches;
import org.bellows.models.layer.ParameterKind;
import org.bellows.models.network.FlatLayout;
import org.bellows.worker.checkpoint.Checkpoint;
import org.bellows.worker.collective.Communicator;
import org.bellows.worker.collective.SingleRankCommunicator;
import org.bellows.worker.collective.reduce.EvenPartition.IndexRange;
import org.bellows.worker.collective.reduce.LaneTree;
import org.bellows.worker.collective.reduce.LaneTree.Node;
import org.bellows.worker.collective.reduce.OwnedParts.OwnedPart;
import org.bellows.worker.collective.reduce.ShardedVector;
import org.bellows.worker.collective.reduce.Sharding;
import org.bellows.worker.engine.StepVector;
import org.bellows.worker.metrics.StepMetrics;
import org.bellows.worker.parallel.LaneThreads;
import org.bellows.worker.parallel.VectorParts;
import org.bellows.worker.train.update.ParameterNorms;
import org.bellows.worker.train.update.SgdStep;
import org.bellows.worker.train.update.SliceUpdate;

/**
 * Parameter averaging (McDonald et al. 2010, "Distributed Training Strategies for the Structured
 * Perceptron": iterative parameter mixing; Stich 2019, "Local SGD Converges Fast and Communicates
 * Little", Algorithm 1; with averaged momentum Yu et al. 2019, "On the Linear Speedup Analysis of
 * Communication Efficient Momentum SGD"): each lane takes steps of its own, with the gradient of
 * its own lane batch and the run's learning rate; after every {@code sync.period-steps} steps of
 * the run, and at the end of an epoch, parameters, running statistics and the optimizer's state
 * become their means over the lanes.
 *
 * <p>A lane's parameters and the order of the sums do not depend on the placement of the lane, so
 * the number of ranks does not change a bit, at the price of a copy of all that for each lane.
 */
public final class ParameterAveraging implements Synchronisation {
  /** The values that ranks exchange about a lane's step: loss, finding. */
  public static final int VALUES = 2;

  private final TrainableNetworks learners;
  private final LaneThreads threads;
  private final LaneGradients gradients;
  private final ShardedVector sharded;
  private final NonFiniteSteps nonFinite;
  private final List<SgdStep> replicas = new ArrayList<>();
  private final int period;

  /** The mean of what is being averaged. */
  private final StepVector mean;

  /** Steps since the ranks met. */
  private final List<PlannedStep> planned = new ArrayList<>();

  /** Metrics of these steps, without the loss. */
  private final List<StepMetrics> timed = new ArrayList<>();

  /** Loss and finding of each of these steps and of each lane of this rank. */
  private final List<float[]> told = new ArrayList<>();

  private boolean isLeft;

  /**
   * @param layout of the whole network, nothing of it frozen
   * @param threads the caller's to close
   */
  ParameterAveraging(
      TrainingPlan plan,
      Communicator communicator,
      FlatLayout layout,
      TrainableNetworks learners,
      TargetTransform targets,
      LaneThreads threads) {
    TrainingSettings settings = plan.settings();
    this.learners = learners;
    this.threads = threads;
    this.period = settings.sync().periodSteps();
    this.mean = new StepVector(layout.length());
    int length = StepVector.length(layout.length());
    this.sharded = new ShardedVector(communicator, sharding(settings, layout, communicator.size()));
    this.gradients =
        new LaneGradients(
            learners, targets, sharded, threads, VectorParts.ONE, settings.train().seed());
    this.nonFinite = new NonFiniteSteps(plan);
    Communicator alone = new SingleRankCommunicator();
    ShardedVector whole = new ShardedVector(alone, length, 1, ParameterNorms.BLOCK_FLOATS);
    for (int i = 0; i < sharded.hosted().length(); i++) {
      ParameterNorms norms = new ParameterNorms(layout, alone, whole::owned);
      SliceUpdate update =
          new SliceUpdate(learners.groups(), whole, settings, norms, VectorParts.ONE);
      replicas.add(new SgdStep(update, learners.current().layout()));
    }
  }

  /** How what is averaged is divided among the ranks. */
  public static Sharding sharding(TrainingSettings settings, FlatLayout layout, int ranks) {
    return new Sharding(
        StepVector.length(layout.length()),
        settings.train().lanes(),
        ranks,
        ParameterNorms.BLOCK_FLOATS,
        List.of());
  }

  private SgdStep first() {
    return replicas.get(0);
  }

  @Override
  public StepVector vector() {
    return first().vector();
  }

  @Override
  public void begin() {
    for (SgdStep replica : replicas) {
      replica.vector().setParameters(vector().floats());
      replica.begin();
    }
  }

  @Override
  public void restore(Checkpoint checkpoint) {
    replicas.forEach(replica -> replica.restore(checkpoint));
  }

  @Override
  public void onPhaseChange() {
    replicas.forEach(replica -> replica.enter(learners.groups()));
  }

  @Override
  public List<StepMetrics> step(PlannedStep step, TrainingBatches batches, boolean leaves) {
    StepClock clock = new StepClock(step, batches);
    float[] says = new float[VALUES * replicas.size()];
    for (int from = 0; from < replicas.size(); from += threads.count()) {
      int first = from;
      List<SgdStep> group =
          replicas.subList(first, Math.min(replicas.size(), first + threads.count()));
      List<StepVector> ofGroup =
          gradients.ofLanes(
              step.number(),
              group.stream().map(replica -> replica.vector().floats()).toList(),
              sharded.hosted().from() + first,
              batches);
      clock.computed();
      threads.run(
          group.size(), place -> update(step, first + place, ofGroup.get(place), says, place));
      clock.updated();
    }
    told.add(says);
    planned.add(step);
    if (!step.endsEpoch() && (step.number() + 1) % period != 0) {
      timed.add(clock.metrics(Double.NaN));
      return List.of();
    }
    double[] losses = tellAll(step);
    average(step);
    isLeft = !sharded.all("leaving after " + step, !leaves);
    clock.exchanged();
    timed.add(clock.metrics(Double.NaN));
    List<StepMetrics> known = new ArrayList<>();
    for (int i = 0; i < losses.length; i++) {
      known.add(timed.get(i).withLoss(losses[i]));
    }
    told.clear();
    planned.clear();
    timed.clear();
    return known;
  }

  /**
   * A lane's own step.
   *
   * @param lane of this rank's
   * @param place of the lane in its group
   * @return whether the lane took it
   */
  private boolean update(PlannedStep step, int lane, StepVector gradient, float[] says, int place) {
    says[VALUES * lane] = gradient.loss();
    says[VALUES * lane + 1] = NonFiniteSteps.inspectInPlace(gradient);
    boolean isFinite = says[VALUES * lane + 1] == 0;
    if (isFinite) {
      replicas.get(lane).apply(gradient.floats(), step.number(), step.learningRate(), () -> {});
    }
    gradients.recycle(place, gradient);
    return isFinite;
  }

  /**
   * Exchanges the results of all lanes' steps since the last averaging.
   *
   * @return mean loss of each step; NaN where a lane's was not finite
   */
  private double[] tellAll(PlannedStep now) {
    int perLane = VALUES * told.size();
    float[] all = new float[sharded.lanes() * perLane];
    for (int i = 0; i < replicas.size(); i++) {
      for (int step = 0; step < told.size(); step++) {
        int at = (sharded.hosted().from() + i) * perLane + VALUES * step;
        System.arraycopy(told.get(step), VALUES * i, all, at, VALUES);
      }
    }
    sharded.allGatherLanesInPlace("losses up to " + now, all);
    double[] losses = new double[told.size()];
    for (int step = 0; step < losses.length; step++) {
      float[] findings = new float[sharded.lanes()];
      double loss = 0;
      for (int lane = 0; lane < findings.length; lane++) {
        loss += all[lane * perLane + VALUES * step];
        findings[lane] = all[lane * perLane + VALUES * step + 1];
      }
      boolean isFinite = NonFiniteSteps.allFinite(findings);
      losses[step] = isFinite ? loss / planned.get(step).images() : Double.NaN;
      if (!isFinite) {
        nonFinite.onNonFinite(planned.get(step), findings);
      }
    }
    return losses;
  }

  /** Everything that learns becomes its mean over the lanes; what is frozen is so everywhere. */
  private void average(PlannedStep now) {
    List<IndexRange> learned =
        learners.current().layout().segments().stream()
            .filter(slot -> slot.kind() != ParameterKind.FROZEN)
            .map(slot -> new IndexRange(slot.offset(), slot.end()))
            .toList();
    List<List<float[]>> arrays = replicas.stream().map(SgdStep::arrays).toList();
    for (int array = 0; array < arrays.get(0).size(); array++) {
      List<float[]> ofLanes = new ArrayList<>();
      for (List<float[]> lane : arrays) {
        ofLanes.add(lane.get(array));
      }
      meanOverLanes("array %d of the average at %s".formatted(array, now), ofLanes, learned);
      for (float[] ofLane : ofLanes) {
        learned.forEach(
            part ->
                System.arraycopy(mean.floats(), part.from(), ofLane, part.from(), part.length()));
      }
    }
  }

  /**
   * Into {@link #mean}.
   *
   * @param ofLanes of this rank; overwritten where something learns
   */
  private void meanOverLanes(String what, List<float[]> ofLanes, List<IndexRange> learned) {
    Map<Node, float[]> sums = new HashMap<>();
    for (Node node : sharded.nodes(sharded.rank())) {
      sums.put(
          node,
          LaneTree.sum(
              node,
              n -> n.isLeaf() ? ofLanes.get(n.from() - sharded.hosted().from()) : null,
              (left, right) -> add(left, right, learned)));
    }
    float[] owned = sharded.reduceScatter(what, sums);
    sharded.owned().write(owned, mean.floats());
    for (OwnedPart part : sharded.owned().parts()) {
      for (int i = part.from(); i < part.to(); i++) {
        mean.floats()[i] /= sharded.lanes();
      }
    }
    sharded.allGatherInPlace(what, mean.floats());
  }

  private static float[] add(float[] left, float[] right, List<IndexRange> parts) {
    for (IndexRange part : parts) {
      for (int i = part.from(); i < part.to(); i++) {
        left[i] += right[i];
      }
    }
    return left;
  }

  @Override
  public boolean isLeft() {
    return isLeft;
  }

  @Override
  public int stateSize() {
    return first().state().size();
  }

  @Override
  public List<float[]> state(String what) {
    return sharded.rank() == 0
        ? first().state().stream().map(array -> Arrays.copyOf(array, mean.parameters())).toList()
        : List.of();
  }

  @Override
  public StepVector model(String what) {
    return first().hasAverage() ? first().average() : vector();
  }

  @Override
  public List<String> takeNotes() {
    return nonFinite.takeNotes();
  }
}
