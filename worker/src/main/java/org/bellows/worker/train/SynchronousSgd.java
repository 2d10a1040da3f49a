// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.train;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.bellows.conf.Settings;
import org.bellows.conf.part.TrainingSettings;
import org.bellows.data.batch.LaneBatch;
import org.bellows.data.batch.TrainingBatches;
import org.bellows.models.network.FlatLayout;
import org.bellows.worker.checkpoint.Checkpoint;
import org.bellows.worker.collective.Communicator;
import org.bellows.worker.collective.Hosts;
import org.bellows.worker.collective.reduce.EvenPartition.IndexRange;
import org.bellows.worker.collective.reduce.LaneTree.Node;
import org.bellows.worker.collective.reduce.ShardedVector;
import org.bellows.worker.collective.reduce.ShardedVector.Summed;
import org.bellows.worker.collective.reduce.Sharding;
import org.bellows.worker.collective.reduce.SumStream;
import org.bellows.worker.engine.StepVector;
import org.bellows.worker.metrics.StepMetrics;
import org.bellows.worker.parallel.LaneTasks;
import org.bellows.worker.parallel.VectorParts;
import org.bellows.worker.train.update.ParameterNorms;
import org.bellows.worker.train.update.SgdStep;
import org.bellows.worker.train.update.SharpnessAscent;
import org.bellows.worker.train.update.SliceUpdate;

/**
 * Synchronous SGD: in every step the gradients of all lanes are added up, each rank updates what it
 * owns, and all get the new parameters. With {@link SharpnessAscent} they are added up twice.
 */
public final class SynchronousSgd implements Synchronisation {
  private final TrainableNetworks learners;
  private final LaneGradients gradients;
  private final ShardedVector sharded;
  private final List<Node> nodes;
  private final SgdStep sgd;
  private final NonFiniteSteps nonFinite;
  private final LongFunction<TrainingBatches> again;
  private final Optional<SharpnessAscent> sharpness;
  private boolean isLeft;

  /**
   * @param layout of the whole network, nothing of it frozen
   * @param tasks runs lanes
   * @param parts divides the elements of sums and updates
   * @param again a step's batches for the lanes of this rank, once more, the caller's to close
   */
  SynchronousSgd(
      TrainingPlan plan,
      Communicator communicator,
      FlatLayout layout,
      TrainableNetworks learners,
      TargetTransform targets,
      LaneTasks tasks,
      VectorParts parts,
      LongFunction<TrainingBatches> again) {
    TrainingSettings settings = plan.settings();
    this.learners = learners;
    this.again = again;
    this.sharded =
        new ShardedVector(
            communicator, sharding(OverlapRule.of(settings), layout, communicator.hosts()));
    this.nodes = sharded.nodes(communicator.rank());
    this.gradients =
        new LaneGradients(learners, targets, sharded, tasks, parts, settings.train().seed());
    this.nonFinite = new NonFiniteSteps(plan);
    ParameterNorms norms = new ParameterNorms(layout, communicator, sharded::owned);
    this.sgd =
        new SgdStep(
            new SliceUpdate(learners.groups(), sharded, settings, norms, parts),
            learners.current().layout());
    double radius = settings.optimizer().sharpnessRadius();
    int length = StepVector.length(layout.length());
    this.sharpness =
        radius > 0
            ? Optional.of(new SharpnessAscent(radius, length, sharded, norms))
            : Optional.empty();
  }

  /** How parameters and gradients are divided among the ranks and sent. */
  public static Sharding sharding(OverlapRule overlap, FlatLayout layout, Hosts hosts) {
    TrainingSettings settings = overlap.settings();
    Sharding whole =
        new Sharding(
            StepVector.length(layout.length()),
            settings.train().lanes(),
            hosts.first(hosts.count()),
            ParameterNorms.BLOCK_FLOATS,
            rounded(layout, settings.sync().communicationDtype()));
    return overlap.overlaps(hosts) ? whole.inBuckets() : whole;
  }

  /**
   * The values that are rounded on the wire: trained parameters and their gradients. Running
   * statistics are computed from differences that rounding would spoil, and they and the loss are
   * few.
   */
  private static List<IndexRange> rounded(FlatLayout layout, Settings.CommunicationDtype wire) {
    return switch (wire) {
      case FLOAT32 -> List.of();
      case FLOAT16 ->
          layout.segments().stream()
              .filter(slot -> slot.kind().isTrainable())
              .map(slot -> new IndexRange(slot.offset(), slot.end()))
              .toList();
    };
  }

  @Override
  public StepVector vector() {
    return sgd.vector();
  }

  @Override
  public void begin() {
    sgd.begin();
  }

  @Override
  public void restore(Checkpoint checkpoint) {
    sgd.restore(checkpoint);
  }

  @Override
  public void onPhaseChange() {
    sgd.enter(learners.groups());
  }

  @Override
  public List<StepMetrics> step(PlannedStep step, TrainingBatches batches, boolean leaves) {
    String what = step.toString();
    StepClock clock = new StepClock(step, batches);
    isLeft = false;
    Summed sum =
        sharpness.isPresent()
            ? sumWhereMoved(step, sharpness.get(), batches, clock, leaves)
            : sum(step, what, StepBatches.of(batches), clock, leaves);
    if (!sum.all()) {
      skip(step);
      learners.current().writeParameters(sgd.vector().floats());
      return List.of(clock.metrics(Double.NaN));
    }
    sgd.apply(
        sum.owned(),
        step.number(),
        step.learningRate(),
        () -> {
          clock.updated();
          sharded.allGatherRoundedInPlace(what, sgd.vector().floats());
          clock.exchanged();
        });
    learners.current().writeParameters(sgd.vector().floats());
    return List.of(clock.metrics(sgd.vector().loss()));
  }

  /** The lanes' gradients at the parameters that the networks have, added up. */
  private Summed sum(
      PlannedStep step, String what, StepBatches batches, StepClock clock, boolean leaves) {
    SumStream stream = sharded.stream(what);
    Map<Node, StepVector> sums = compute(step, batches, stream);
    clock.computed();
    Map<Node, float[]> floats = new HashMap<>();
    sums.forEach((node, sum) -> floats.put(node, sum.floats()));
    Summed sum = stream.finish(floats, gradients.canBeSummed(), leaves);
    clock.hidden(stream.hiddenSeconds());
    isLeft |= sum.isLeft();
    sums.values().forEach(gradients::recycle);
    clock.exchanged();
    return sum;
  }

  /** Ends the exchange, if it has begun, where a lane cannot be computed. */
  private Map<Node, StepVector> compute(PlannedStep step, StepBatches batches, SumStream stream) {
    try {
      return gradients.compute(step.number(), nodes, batches, stream);
    } catch (RuntimeException | Error e) {
      stream.abandon(e);
      throw e;
    }
  }

  /**
   * The gradient of the same batches where the parameters are moved along the first gradient. The
   * networks still have the moved parameters when it returns.
   */
  private Summed sumWhereMoved(
      PlannedStep step,
      SharpnessAscent ascent,
      TrainingBatches batches,
      StepClock clock,
      boolean leaves) {
    Deque<LaneBatch> taken = new ArrayDeque<>();
    Supplier<LaneBatch> keeping =
        () -> {
          LaneBatch batch = batches.next();
          taken.add(batch);
          return batch;
        };
    StepBatches kept = new StepBatches(keeping, () -> Optional.ofNullable(taken.peek()));
    Summed first = sum(step, "first gradient of " + step, kept, clock, leaves);
    if (!first.all()) {
      return first;
    }
    FlatLayout layout = learners.current().layout();
    float[] vector = sgd.vector().floats();
    float[] moved = ascent.moved(step.toString(), layout, vector, first.owned());
    clock.exchanged();
    learners.current().writeParameters(moved);
    StepBatches again = new StepBatches(taken::poll, batches::ready);
    Summed second = sum(step, "second gradient of " + step, again, clock, leaves);
    if (second.all()) {
      ascent.restoreInPlace(layout, second.owned());
    }
    return second;
  }

  /**
   * Leaves everything as it is, or stops the run. Parameters have not changed, so the lanes give
   * the same numbers again, each for itself; a step that is finite pays nothing for it.
   */
  private void skip(PlannedStep step) {
    float[] findings = new float[sharded.lanes()];
    IndexRange mine = sharded.hosted();
    try (TrainingBatches batches = again.apply(step.number())) {
      for (int from = mine.from(); from < mine.to(); from += gradients.most()) {
        IndexRange lanes = new IndexRange(from, Math.min(mine.to(), from + gradients.most()));
        List<StepVector> ofLanes = gradients.ofLanes(step.number(), lanes, batches);
        for (int place = 0; place < lanes.length(); place++) {
          findings[from + place] = NonFiniteSteps.inspectInPlace(ofLanes.get(place));
          gradients.recycle(place, ofLanes.get(place));
        }
      }
    }
    sharded.allGatherLanesInPlace("lanes of " + step, findings);
    nonFinite.onNonFinite(step, findings);
  }

  @Override
  public boolean isLeft() {
    return isLeft;
  }

  @Override
  public int stateSize() {
    return sgd.state().size();
  }

  @Override
  public List<float[]> state(String what) {
    return sharded.gather(what, sgd.state());
  }

  @Override
  public StepVector model(String what) {
    if (!sgd.hasAverage()) {
      return sgd.vector();
    }
    StepVector model = sgd.average();
    sharded.allGatherInPlace(what, model.floats());
    return model;
  }

  @Override
  public List<String> takeNotes() {
    return nonFinite.takeNotes();
  }
}
