// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.train;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.BellowsException;
import org.bellows.conf.part.TrainingSettings;
import org.bellows.data.batch.SampleStore;
import org.bellows.data.batch.TrainingBatches;
import org.bellows.models.schedule.LearningRateSchedule;
import org.bellows.worker.checkpoint.Checkpoint;
import org.bellows.worker.checkpoint.CheckpointStore;
import org.bellows.worker.checkpoint.CheckpointWriter;
import org.bellows.worker.checkpoint.TrainingState;
import org.bellows.worker.collective.Communicator;
import org.bellows.worker.collective.reduce.EvenPartition;
import org.bellows.worker.collective.reduce.EvenPartition.IndexRange;
import org.bellows.worker.collective.reduce.LaneReduction;
import org.bellows.worker.engine.EngineRequest;
import org.bellows.worker.evaluate.EnsembleThreads;
import org.bellows.worker.files.FloatArrays;
import org.bellows.worker.metrics.StepMetrics;
import org.bellows.worker.natives.NativeLibraries;
import org.bellows.worker.network.Ensemble;
import org.bellows.worker.network.LaneNetwork;
import org.bellows.worker.parallel.LaneMeeting;
import org.bellows.worker.parallel.LaneTasks;
import org.bellows.worker.parallel.LaneThreads;
import org.bellows.worker.processor.RankProcessor;

/**
 * One rank of a run: network, parameters, optimizer state and the connections to the other ranks.
 * Kept between segments.
 */
public final class Trainer implements AutoCloseable {
  private final TrainingPlan plan;
  private final Communicator communicator;
  private final LaneNetwork network;
  private final TrainableNetworks learners;
  private final TargetTransform targets;
  private final Synchronisation sync;
  private final CheckpointWriter writer;
  private final LearningRateSchedule schedule;
  private final BatchFeed feed;
  private final IndexRange hosted;
  private final LaneThreads threads;

  /** Where lanes meet in the middle of a pass, if they do. */
  private final Optional<LaneMeeting> meeting;

  private final long stepsPerEpoch;
  private final List<String> notes = new ArrayList<>();

  /** Made by the first evaluation; closed with the network. */
  private final List<Ensemble> evaluated = new ArrayList<>();

  private long step;

  /**
   * @param start checkpoint to resume from; empty: from the seed, or the model that the plan starts
   *     from
   */
  public Trainer(
      TrainingPlan plan,
      Configuration hadoop,
      Communicator communicator,
      Optional<Checkpoint> start) {
    this(plan, hadoop, communicator, start, new CheckpointStore(hadoop, plan.outputPath()));
  }

  /**
   * @param start checkpoint to resume from; empty: from the seed
   * @param store where rank 0 writes checkpoints
   */
  public Trainer(
      TrainingPlan plan,
      Configuration hadoop,
      Communicator communicator,
      Optional<Checkpoint> start,
      CheckpointStore store) {
    NativeLibraries.load();
    TrainingSettings settings = plan.settings();
    this.plan = plan;
    this.communicator = communicator;
    this.network =
        new LaneNetwork(
            plan.network(),
            plan.input(),
            plan.classes().size(),
            settings.train().seed(),
            EngineRequest.of(settings.train()));
    int lanes = settings.train().lanes();
    this.hosted = EvenPartition.of(lanes, communicator.rank(), communicator.size());
    int atOnce = plan.lanesInWork(hosted.length());
    this.threads =
        new LaneThreads(atOnce, Math.max(atOnce, settings.lanesAtOnce() * settings.coresPerLane()));
    this.meeting = meeting();
    this.learners =
        new TrainableNetworks(
            plan,
            network,
            start.map(from -> from.state().step()).orElse(0L),
            threads.count(),
            threads,
            meeting);
    this.targets =
        new TargetTransform(
            settings.loss(),
            plan.classWeights(),
            plan.positiveWeights(),
            settings.loss().hasTeacher() ? Teacher.open(hadoop, plan) : null,
            PixelLabels.of(plan));
    this.feed = new BatchFeed(plan, hadoop, hosted);
    this.sync = synchronisation();
    this.writer =
        new CheckpointWriter(
            store,
            settings.checkpoint().keepLast(),
            Duration.ofSeconds(settings.sync().timeoutSeconds()));
    this.schedule = plan.schedule();
    this.stepsPerEpoch = plan.stepsPerEpoch();
    network.readParameters(sync.vector().floats());
    if (start.isEmpty() && plan.start().isPresent()) {
      plan.fineTuning().begin(hadoop, plan.start(), sync.vector().floats());
    }
    sync.begin();
    start.ifPresent(this::restore);
  }

  private Optional<LaneMeeting> meeting() {
    if (!plan.lanesMeet()) {
      return Optional.empty();
    }
    LaneReduction all = new LaneReduction(communicator, plan.settings().train().lanes());
    int atOnce = Math.min(plan.settings().lanesAtOnce(), hosted.length());
    return Optional.of(new LaneMeeting(threads, atOnce, all::reduce));
  }

  private Synchronisation synchronisation() {
    return switch (plan.settings().sync().mode()) {
      case EVERY_STEP ->
          new SynchronousSgd(
              plan,
              communicator,
              network.layout(),
              learners,
              targets,
              meeting.<LaneTasks>map(where -> where).orElse(threads),
              threads,
              number -> feed.replay(number, store()));
      case AVERAGING ->
          new ParameterAveraging(plan, communicator, network.layout(), learners, targets, threads);
      case DL4J_SPARK ->
          throw new IllegalStateException("dl4j-spark trains by itself, on no rank of ours");
    };
  }

  private void restore(Checkpoint checkpoint) {
    int expected = network.layout().length();
    if (checkpoint.parameters().length != expected
        || checkpoint.optimizer().size() != sync.stateSize()) {
      throw BellowsException.data(
          "the checkpoint of step %d holds %d parameters and %d optimizer arrays, expected %d and %d"
              .formatted(
                  checkpoint.state().step(),
                  checkpoint.parameters().length,
                  checkpoint.optimizer().size(),
                  expected,
                  sync.stateSize()));
    }
    sync.restore(checkpoint);
    RankProcessor.of(plan.settings().train(), plan.input().channels())
        .difference(
            checkpoint.state().step(),
            checkpoint.state().provenance(),
            plan.settings().train().precision())
        .ifPresent(notes::add);
    step = checkpoint.state().step();
  }

  /** How many of the run's lanes are this rank's. */
  public int lanes() {
    return hosted.length();
  }

  /** Updates done. */
  public long step() {
    return step;
  }

  /** Takes steps up to {@code end} with ranks that all stay. */
  public List<StepMetrics> train(long end, StepListener listener) {
    return train(end, listener, () -> false);
  }

  /**
   * Takes steps up to (not including) {@code end}, which is in the epoch of the current step or is
   * that epoch's end. Where parameters are averaged every so many steps, the ranks meet there. Once
   * a rank leaves, all stop after the step in which it said so.
   *
   * @param leaves whether this rank has been told to leave
   */
  public List<StepMetrics> train(long end, StepListener listener, BooleanSupplier leaves) {
    List<StepMetrics> all = new ArrayList<>();
    long begin = step;
    if (learners.enter(epoch())) {
      sync.onPhaseChange();
    }
    // An evaluation may have left the averaged parameters there.
    network.writeParameters(sync.vector().floats());
    learners.current().writeParameters(sync.vector().floats());
    TrainingBatches batches = feed.from(step, Math.max(end, learners.until()), store());
    boolean isLeft = false;
    while (step < end && !isLeft) {
      List<StepMetrics> known = sync.step(planned(), batches, leaves.getAsBoolean());
      known.forEach(listener::onStep);
      all.addAll(known);
      step++;
      isLeft = sync.isLeft();
    }
    if (all.size() != step - begin) {
      throw new IllegalStateException("the ranks do not synchronise at step " + step);
    }
    return all;
  }

  /** Whether a rank leaves, as all ranks know from the last step. */
  public boolean isLeft() {
    return sync.isLeft();
  }

  private PlannedStep planned() {
    boolean endsEpoch = (step + 1) % stepsPerEpoch == 0;
    return new PlannedStep(step, epoch(), endsEpoch, schedule.at(step), globalBatch());
  }

  /** Adds to what {@link #takeNotes} returns. */
  public void note(List<String> more) {
    notes.addAll(more);
  }

  /** Notes for the report since the last call; those on steps are the same on every rank. */
  public List<String> takeNotes() {
    List<String> all = new ArrayList<>(notes);
    notes.clear();
    all.addAll(sync.takeNotes());
    return all;
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
   * All ranks call it; rank 0 writes a copy while training continues.
   *
   * @throws BellowsException the failure of the last one
   */
  public void checkpoint() {
    int parameters = network.layout().length();
    List<float[]> optimizer = sync.state("optimizer state at step " + step);
    if (communicator.rank() == 0) {
      long done = step;
      float[] copy = Arrays.copyOf(sync.vector().floats(), parameters);
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
   * @throws BellowsException its failure
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
        RankProcessor.of(plan.settings().train(), plan.input().channels()).provenance());
  }

  public String parametersSha256() {
    return FloatArrays.sha256(sync.vector().floats(), network.layout().length());
  }

  /**
   * The network with the parameters that would be saved as the model now, for evaluation until the
   * next call of {@link #train}: the current ones or their moving average. There are as many as
   * lanes that are computed at the same time. All ranks call it.
   */
  public EnsembleThreads evaluationNetworks() {
    network.writeParameters(sync.model("averaged parameters at step " + step).floats());
    while (evaluated.size() < Math.min(plan.settings().lanesAtOnce(), threads.count())) {
      evaluated.add(new Ensemble(List.of(evaluated.isEmpty() ? network : network.beside(false))));
    }
    return new EnsembleThreads(evaluated, threads);
  }

  public Communicator exchange() {
    return communicator;
  }

  @Override
  public void close() {
    feed.close();
    communicator.close();
    targets.close();
    writer.close();
    threads.close();
    learners.close();
    network.close();
  }
}
