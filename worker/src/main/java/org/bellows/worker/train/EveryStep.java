package org.bellows.worker.train;

import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import org.bellows.conf.Settings;
import org.bellows.data.batch.TrainingBatches;
import org.bellows.models.network.FlatLayout;
import org.bellows.worker.checkpoint.Checkpoint;
import org.bellows.worker.collective.Exchange;
import org.bellows.worker.collective.reduce.LaneTree.Node;
import org.bellows.worker.collective.reduce.ShardedVector;
import org.bellows.worker.collective.reduce.ShardedVector.Summed;
import org.bellows.worker.collective.reduce.Shares.Share;
import org.bellows.worker.metrics.StepMetrics;
import org.bellows.worker.network.BatchStatistics;

/**
 * Synchronous SGD: in every step the gradients of all lanes are added up, each rank updates the
 * slice that it owns, and all get the new parameters.
 */
final class EveryStep implements Synchronisation {
  private final Learners learners;
  private final LaneGradients gradients;
  private final ShardedVector sharded;
  private final List<Node> nodes;
  private final SliceUpdate update;
  private final NonFiniteSteps nonFinite;
  private final LongFunction<TrainingBatches> again;

  /** The flat parameters, and behind them the loss of the last step. */
  private final float[] vector;

  /** The running statistics before the update, in their places of the flat vector. */
  private final float[] before;

  /** Of what learns. */
  private BatchStatistics statistics;

  /**
   * @param layout of the whole network, nothing of it frozen
   * @param again a step's batches for the lanes of this rank, once more, the caller's to close
   */
  EveryStep(
      TrainingPlan plan,
      Exchange exchange,
      FlatLayout layout,
      Learners learners,
      TaughtTargets targets,
      LongFunction<TrainingBatches> again) {
    Settings settings = plan.settings();
    this.learners = learners;
    this.again = again;
    this.vector = new float[layout.length() + 1];
    this.before = new float[layout.length()];
    this.sharded =
        new ShardedVector(
            exchange,
            vector.length,
            settings.train().lanes(),
            ArrayNorms.BLOCK_FLOATS,
            rounded(layout, settings.sync().wire()));
    this.nodes = sharded.nodes(exchange.rank());
    this.gradients = new LaneGradients(learners, targets, sharded, settings.train().seed());
    this.nonFinite = new NonFiniteSteps(plan);
    this.update =
        new SliceUpdate(
            learners.groups(), sharded, settings, new ArrayNorms(layout, exchange, sharded::slice));
    this.statistics = new BatchStatistics(learners.current().layout());
  }

  /**
   * What the wire rounds: trained parameters and their gradients. Running statistics come of
   * differences that rounding would spoil, and they and the loss are few.
   */
  private static List<Share> rounded(FlatLayout layout, Settings.Wire wire) {
    return switch (wire) {
      case FLOAT32 -> List.of();
      case FLOAT16 ->
          layout.segments().stream()
              .filter(segment -> segment.kind().isTrainable())
              .map(segment -> new Share(segment.offset(), segment.end()))
              .toList();
    };
  }

  @Override
  public float[] vector() {
    return vector;
  }

  @Override
  public void begin() {
    update.beginFrom(vector);
  }

  @Override
  public void restore(Checkpoint checkpoint) {
    System.arraycopy(checkpoint.parameters(), 0, vector, 0, before.length);
    update.restore(checkpoint.optimizer());
  }

  @Override
  public void enter() {
    update.enter(learners.groups());
    statistics = new BatchStatistics(learners.current().layout());
  }

  @Override
  public List<StepMetrics> take(PlannedStep step, TrainingBatches batches) {
    String what = step.toString();
    StepClock clock = new StepClock(step, batches);
    Map<Node, float[]> sums = gradients.compute(step.number(), nodes, batches);
    clock.computed();
    Summed sum = sharded.reduceScatter(what, sums, gradients.canBeSummed());
    gradients.recycle(sums);
    clock.exchanged();
    if (sum.all()) {
      statistics.copy(vector, before);
      update.applyInPlace(vector, sum.owned(), step.number(), step.learningRate());
      clock.updated();
      sharded.allGatherRoundedInPlace(what, vector);
      clock.exchanged();
      statistics.mergeInPlace(vector, before);
      update.average(vector, step.number());
      learners.current().writeParameters(vector);
    } else {
      skip(step);
    }
    return List.of(clock.metrics(sum.all() ? vector[vector.length - 1] : Double.NaN));
  }

  /**
   * Leaves everything as it is, or stops the run. Parameters have not changed, so the lanes give
   * the same numbers again, one by one; a step that is finite pays nothing for it.
   */
  private void skip(PlannedStep step) {
    float[] findings = new float[sharded.lanes()];
    Share mine = sharded.hosted();
    try (TrainingBatches batches = again.apply(step.number())) {
      for (int lane = mine.from(); lane < mine.to(); lane++) {
        float[] gradient = gradients.ofLane(step.number(), lane, batches);
        findings[lane] = NonFiniteSteps.inspectInPlace(gradient);
        gradients.recycle(gradient);
      }
    }
    sharded.allGatherLanesInPlace("lanes of " + step, findings);
    nonFinite.onNonFinite(step, findings);
  }

  @Override
  public int stateSize() {
    return update.state().size();
  }

  @Override
  public List<float[]> state(String what) {
    return sharded.gather(what, update.state());
  }

  @Override
  public float[] model(String what) {
    if (!update.hasAverage()) {
      return vector;
    }
    float[] model = new float[vector.length];
    update.readAverage(model);
    sharded.allGatherInPlace(what, model);
    return model;
  }

  @Override
  public List<String> takeNotes() {
    return nonFinite.takeNotes();
  }
}
