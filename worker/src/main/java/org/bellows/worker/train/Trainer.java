package org.bellows.worker.train;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.BellowsException;
import org.bellows.conf.Settings;
import org.bellows.data.batch.SampleStore;
import org.bellows.data.batch.TrainingBatches;
import org.bellows.models.schedule.LearningRateSchedule;
import org.bellows.worker.checkpoint.Checkpoint;
import org.bellows.worker.checkpoint.CheckpointStore;
import org.bellows.worker.checkpoint.CheckpointWriter;
import org.bellows.worker.checkpoint.TrainingState;
import org.bellows.worker.collective.Exchange;
import org.bellows.worker.collective.LaneTree.Node;
import org.bellows.worker.collective.ShardedVector;
import org.bellows.worker.collective.Shares.Share;
import org.bellows.worker.files.FloatArrays;
import org.bellows.worker.metrics.StepMetrics;
import org.bellows.worker.natives.NativeLibraries;
import org.bellows.worker.network.BatchStatistics;
import org.bellows.worker.network.LaneNetwork;

/**
 * One rank of a run: network, flat vector, the owned slice's optimizer state and the connections to
 * the other ranks. Kept between segments.
 */
public final class Trainer implements AutoCloseable {
  private final TrainingPlan plan;
  private final Configuration hadoop;
  private final Exchange exchange;
  private final LaneNetwork network;
  private final Learners learners;
  private final TaughtTargets targets;
  private final LaneGradients gradients;
  private final ShardedVector sharded;
  private final NonFiniteSteps nonFinite;
  private final SliceUpdate update;
  private final CheckpointWriter writer;
  private final LearningRateSchedule schedule;
  private final BatchFeed feed;
  private final long stepsPerEpoch;

  /** The flat parameters, and behind them the loss of the last step. */
  private final float[] vector;

  /** The running statistics before the update, in their places of the flat vector. */
  private final float[] before;

  /** Of what learns. */
  private BatchStatistics statistics;

  private long step;

  /**
   * @param start where to go on from; empty: from the seed, or the model that the plan starts from
   */
  public Trainer(
      TrainingPlan plan, Configuration hadoop, Exchange exchange, Optional<Checkpoint> start) {
    this(plan, hadoop, exchange, start, new CheckpointStore(hadoop, plan.outputPath()));
  }

  /**
   * @param start where to go on from; empty: from the seed
   * @param store where rank 0 writes checkpoints
   */
  public Trainer(
      TrainingPlan plan,
      Configuration hadoop,
      Exchange exchange,
      Optional<Checkpoint> start,
      CheckpointStore store) {
    NativeLibraries.load();
    Settings settings = plan.settings();
    this.plan = plan;
    this.hadoop = hadoop;
    this.exchange = exchange;
    this.network =
        new LaneNetwork(
            plan.network(),
            plan.input(),
            plan.classes().size(),
            settings.train().seed(),
            settings.train().stepEngine());
    this.learners = new Learners(plan, network, start.map(from -> from.state().step()).orElse(0L));
    this.targets =
        new TaughtTargets(
            settings.loss().labelSmoothing(),
            plan.classWeights(),
            settings.loss().hasTeacher() ? Teacher.open(hadoop, plan) : null);
    int parameters = network.layout().length();
    this.vector = new float[parameters + 1];
    this.before = new float[parameters];
    this.sharded =
        new ShardedVector(
            exchange,
            vector.length,
            settings.train().lanes(),
            ArrayNorms.BLOCK_FLOATS,
            rounded(settings.sync().wire()));
    this.gradients = new LaneGradients(learners, targets, sharded, settings.train().seed());
    this.nonFinite = new NonFiniteSteps(plan, gradients, sharded);
    this.update =
        new SliceUpdate(
            learners.groups(),
            sharded,
            settings,
            new ArrayNorms(network.layout(), exchange, sharded::slice));
    this.statistics = new BatchStatistics(learners.current().layout());
    this.writer =
        new CheckpointWriter(
            store,
            settings.checkpoint().keepLast(),
            Duration.ofSeconds(settings.sync().timeoutSeconds()));
    this.schedule = plan.schedule();
    this.stepsPerEpoch = plan.stepsPerEpoch();
    this.feed = new BatchFeed(plan, hadoop, sharded.hosted());
    network.readParameters(vector);
    if (start.isEmpty() && plan.start().isThere()) {
      plan.fineTuning().begin(hadoop, plan.start(), vector);
    }
    update.beginFrom(vector);
    start.ifPresent(this::restore);
  }

  /**
   * What the wire rounds: trained parameters and their gradients. Running statistics come of
   * differences that rounding would spoil, and they and the loss are few.
   */
  private List<Share> rounded(Settings.Wire wire) {
    return switch (wire) {
      case FLOAT32 -> List.of();
      case FLOAT16 ->
          network.layout().segments().stream()
              .filter(segment -> segment.kind().isTrainable())
              .map(segment -> new Share(segment.offset(), segment.end()))
              .toList();
    };
  }

  private void restore(Checkpoint checkpoint) {
    int expected = network.layout().length();
    if (checkpoint.parameters().length != expected
        || checkpoint.optimizer().size() != update.state().size()) {
      throw BellowsException.data(
          "the checkpoint of step %d holds %d parameters and %d optimizer arrays, expected %d and %d"
              .formatted(
                  checkpoint.state().step(),
                  checkpoint.parameters().length,
                  checkpoint.optimizer().size(),
                  expected,
                  update.state().size()));
    }
    System.arraycopy(checkpoint.parameters(), 0, vector, 0, expected);
    update.restore(checkpoint.optimizer());
    step = checkpoint.state().step();
  }

  /** How many of the run's lanes are this rank's. */
  public int lanes() {
    return sharded.hosted().length();
  }

  /** Updates done. */
  public long step() {
    return step;
  }

  /**
   * Takes steps up to (not including) {@code end}, which lies in the epoch of the current step or
   * is that epoch's end.
   */
  public List<StepMetrics> train(long end, StepListener listener) {
    List<StepMetrics> all = new ArrayList<>();
    List<Node> nodes = sharded.nodes(exchange.rank());
    // An evaluation may have left the averaged parameters there.
    network.writeParameters(vector);
    enter(epoch());
    TrainingBatches batches = feed.from(step, Math.max(end, learners.until()), store());
    while (step < end) {
      StepClock clock = new StepClock(batches);
      double rate = schedule.at(step);
      Map<Node, float[]> sums = gradients.compute(step, nodes, batches);
      clock.computed();
      float[] owned = sharded.reduceScatter("step " + step, sums);
      gradients.recycle(sums);
      boolean isFinite = sharded.all("step " + step, NonFiniteSteps.isFinite(owned));
      clock.exchanged();
      if (isFinite) {
        apply(owned, rate, clock);
      } else {
        skip(rate);
      }
      double loss = isFinite ? vector[vector.length - 1] : Double.NaN;
      StepMetrics metrics = clock.metrics(step, epoch(), loss, rate, globalBatch());
      all.add(metrics);
      listener.onStep(metrics);
      step++;
    }
    return all;
  }

  private void enter(int epoch) {
    if (learners.enter(epoch)) {
      update.begin(learners.groups());
      statistics = new BatchStatistics(learners.current().layout());
    }
    learners.current().writeParameters(vector);
  }

  private void apply(float[] owned, double rate, StepClock clock) {
    statistics.copy(vector, before);
    update.applyInPlace(vector, owned, step, rate);
    clock.updated();
    sharded.allGatherRoundedInPlace("step " + step, vector);
    clock.exchanged();
    statistics.mergeInPlace(vector, before);
    update.average(vector, step);
    learners.current().writeParameters(vector);
  }

  /** Leaves everything as it is, or stops the run. */
  private void skip(double rate) {
    try (TrainingBatches again = feed.again(step, store())) {
      nonFinite.found(step, rate, again);
    }
  }

  /** What the report should say of the steps since the last call; the same on every rank. */
  public List<String> takeNotes() {
    return nonFinite.takeNotes();
  }

  private Optional<SampleStore> store() {
    return targets.needPixels() ? Optional.empty() : learners.current().store();
  }

  private int epoch() {
    return (int) (step / stepsPerEpoch);
  }

  private int globalBatch() {
    return plan.settings().train().globalBatch();
  }

  /**
   * All ranks call it; rank 0 writes a copy while it goes on.
   *
   * @throws BellowsException what the last one failed with
   */
  public void checkpoint() {
    int parameters = network.layout().length();
    List<float[]> optimizer = sharded.gather("optimizer state at step " + step, update.state());
    if (exchange.rank() == 0) {
      long done = step;
      float[] copy = Arrays.copyOf(vector, parameters);
      writer.submit(
          () ->
              new Checkpoint(
                  state(done, copy),
                  copy,
                  optimizer.stream().map(a -> Arrays.copyOf(a, parameters)).toList()));
    }
  }

  /**
   * Returns when the last checkpoint is there; at once on ranks other than 0.
   *
   * @throws BellowsException what it failed with
   */
  public void awaitCheckpoint() {
    writer.await();
  }

  private TrainingState state(long done, float[] parameters) {
    return new TrainingState(
        TrainingState.FORMAT_VERSION,
        done,
        done * globalBatch(),
        FloatArrays.sha256(parameters, parameters.length),
        plan.identity(),
        Map.of("natives", NativeLibraries.load(), "java", System.getProperty("java.version")));
  }

  public String parametersSha256() {
    return FloatArrays.sha256(vector, network.layout().length());
  }

  /**
   * The network with the parameters that would be saved as the model now, for evaluation until the
   * next call of {@link #train}: the current ones or their moving average. All ranks call it.
   */
  public LaneNetwork evaluationNetwork() {
    float[] model = vector;
    if (update.hasAverage()) {
      model = new float[vector.length];
      update.readAverage(model);
      sharded.allGatherInPlace("averaged parameters at step " + step, model);
    }
    network.writeParameters(model);
    return network;
  }

  public Exchange exchange() {
    return exchange;
  }

  @Override
  public void close() {
    feed.close();
    exchange.close();
    targets.close();
    writer.close();
    learners.close();
    network.close();
  }
}
