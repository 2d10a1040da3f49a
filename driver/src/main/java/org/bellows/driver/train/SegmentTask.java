// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.train;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Serializable;
import java.io.StringWriter;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.util.SerializableConfiguration;
import org.bellows.conf.BellowsException;
import org.bellows.conf.Device;
import org.bellows.conf.ErrorCategory;
import org.bellows.conf.TrainSettings;
import org.bellows.driver.spark.BellowsPlugin;
import org.bellows.driver.spark.LeavingExecutor;
import org.bellows.driver.spark.TaskGather;
import org.bellows.driver.train.SegmentOutcome.Kind;
import org.bellows.worker.checkpoint.Checkpoint;
import org.bellows.worker.checkpoint.CheckpointStore;
import org.bellows.worker.collective.Communicator;
import org.bellows.worker.collective.PeerLostException;
import org.bellows.worker.collective.transport.Rendezvous;
import org.bellows.worker.device.ProcessDevice;
import org.bellows.worker.device.UnusableDeviceException;
import org.bellows.worker.evaluate.Evaluator;
import org.bellows.worker.evaluate.PartialEvaluation;
import org.bellows.worker.forecast.DeviceFit;
import org.bellows.worker.metrics.RankMetrics;
import org.bellows.worker.metrics.StepMetrics;
import org.bellows.worker.processor.CommonProcessor;
import org.bellows.worker.processor.InstructionLimit;
import org.bellows.worker.processor.RankProcessor;
import org.bellows.worker.processor.UnlikeExecutorsException;
import org.bellows.worker.train.RankListener;
import org.bellows.worker.train.StepListener;
import org.bellows.worker.train.Trainer;
import org.bellows.worker.train.TrainingPlan;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One rank's part of one segment, inside a barrier task. */
final class SegmentTask implements Serializable {
  private static final long serialVersionUID = 1L;
  private static final Logger LOG = LoggerFactory.getLogger(SegmentTask.class);
  private static final String RESIDENT = "resident";
  private static final String FAILED = "failed ";
  private static final String UNUSABLE = "unusable ";

  private final TrainingPlan plan;
  private final Segment segment;
  private final SerializableConfiguration hadoop;

  SegmentTask(TrainingPlan plan, Segment segment, SerializableConfiguration hadoop) {
    this.plan = plan;
    this.segment = segment;
    this.hadoop = hadoop;
  }

  SegmentOutcome run() {
    BarrierTaskContext context = BarrierTaskContext.get();
    String host = context.getTaskInfos()[context.partitionId()].address();
    RankOrder order =
        RankOrder.of(
            Arrays.stream(context.getTaskInfos()).map(info -> name(info.address())).toList());
    Trainer trainer = null;
    try {
      trainer = trainer(context, order, host);
      return train(trainer, host);
    } catch (RuntimeException | Error e) {
      tell(e);
      ResidentTrainer.discard();
      BellowsPlugin.endIfDeviceFailed();
      int rank = trainer == null ? order.rank(context.partitionId()) : trainer.exchange().rank();
      return SegmentOutcome.failed(rank, host, failure(e));
    }
  }

  /**
   * The ranks tell each other, through Spark, where they can be reached, or that they still have
   * all that the last segment left. Only if all have, it is used: then all skip connecting alike.
   * No task may leave before that round, or the others would wait for its message.
   */
  private Trainer trainer(BarrierTaskContext context, RankOrder order, String host) {
    Trainer resident = ResidentTrainer.find(segment);
    if (resident == null) {
      ResidentTrainer.discard();
    }
    Opening opening =
        resident == null ? open(host, context.getTaskInfos().length) : new Opening(null, RESIDENT);
    try (Rendezvous rendezvous = opening.rendezvous()) {
      List<String> messages = TaskGather.allGather(context, opening.message());
      for (int task = 0; task < messages.size(); task++) {
        String message = messages.get(task);
        String who = "task %d on %s: ".formatted(task, context.getTaskInfos()[task].address());
        if (message.startsWith(UNUSABLE)) {
          throw new UnusableDeviceException(who + message.substring(UNUSABLE.length()), null);
        }
        if (message.startsWith(FAILED)) {
          throw BellowsException.infrastructure(who + message.substring(FAILED.length()));
        }
      }
      if (messages.stream().allMatch(RESIDENT::equals)) {
        return resident;
      }
      return connect(rendezvous, order.byRank(messages), order.rank(context.partitionId()));
    }
  }

  /** Of an address its host, without a port if it has one. */
  private static String name(String address) {
    return address.replaceFirst(":\\d+$", "");
  }

  /** A port, or why there is none. */
  private record Opening(Rendezvous rendezvous, String message) {}

  private Opening open(String host, int executors) {
    TrainSettings train = plan.settings().train();
    try {
      if (train.device() == Device.GPU) {
        DeviceFit.require(ProcessDevice.take(), plan, executors);
      }
      RankProcessor processor = RankProcessor.of(train, plan.input().channels());
      Rendezvous rendezvous = Rendezvous.open(name(host));
      return new Opening(rendezvous, new RankGreeting(rendezvous.address(), processor).text());
    } catch (BellowsException e) {
      String kind = e instanceof UnusableDeviceException ? UNUSABLE : FAILED;
      return new Opening(null, kind + e.getMessage());
    }
  }

  /**
   * @param messages by rank
   */
  private Trainer connect(Rendezvous rendezvous, List<String> messages, int rank) {
    if (rendezvous == null || messages.contains(RESIDENT)) {
      ResidentTrainer.discard();
      throw new ReplacedExecutorException();
    }
    List<RankGreeting> greetings = messages.stream().map(RankGreeting::parse).toList();
    List<String> notes = agreeOnProcessor(greetings);
    List<String> addresses = greetings.stream().map(RankGreeting::address).toList();
    Duration timeout = Duration.ofSeconds(plan.settings().sync().timeoutSeconds());
    Communicator communicator = rendezvous.connect(segment.session(), addresses, rank, timeout);
    try {
      Trainer trainer = new Trainer(plan, hadoop.value(), communicator, start(), store());
      trainer.note(notes);
      ResidentTrainer.keep(segment, trainer);
      return trainer;
    } catch (RuntimeException e) {
      communicator.close();
      throw e;
    }
  }

  /** Before anything computes: oneDNN takes no limit later. */
  private List<String> agreeOnProcessor(List<RankGreeting> greetings) {
    TrainSettings train = plan.settings().train();
    CommonProcessor common =
        new CommonProcessor(
            greetings.stream().map(RankGreeting::host).toList(),
            greetings.stream().map(RankGreeting::processor).toList());
    CommonProcessor.Agreement agreement =
        train.device() == Device.GPU ? common.agreeOnGpus() : common.agree(train);
    agreement.limit().ifPresent(InstructionLimit::set);
    return agreement.notes();
  }

  /** A run begins from the seed, or from the checkpoint of step 0 where it was given one. */
  private Optional<Checkpoint> start() {
    if (segment.from() == 0 && !store().steps().contains(0L)) {
      return Optional.empty();
    }
    try {
      return Optional.of(store().read(segment.from()));
    } catch (BellowsException e) {
      if (e.category() != ErrorCategory.DATA) {
        throw e;
      }
      // The driver has just read it: another attempt looks for the newest that is good then.
      throw BellowsException.infrastructure(
          "a checkpoint that the driver could read is not good here: " + e.getMessage(), e);
    }
  }

  /** The fence of this attempt: a zombie of an older one cannot write. */
  private CheckpointStore store() {
    return new CheckpointStore(hadoop.value(), plan.outputPath(), segment.attempt());
  }

  private SegmentOutcome train(Trainer trainer, String host) {
    int rank = trainer.exchange().rank();
    List<StepMetrics> steps = List.of();
    RankMetrics times = null;
    boolean isLeft = false;
    if (segment.from() < segment.to()) {
      double collectedBefore = garbageCollectionSeconds();
      steps = trainer.train(segment.to(), listener(trainer.exchange()), LeavingExecutor::isAsked);
      isLeft = trainer.isLeft();
      times =
          RankMetrics.of(
              new RankMetrics.TimeShare(rank, host, trainer.lanes()),
              steps,
              garbageCollectionSeconds() - collectedBefore);
      trainer.checkpoint();
    }
    boolean isWhole = trainer.step() == segment.to();
    PartialEvaluation evaluation = segment.evaluate() && isWhole ? evaluate(trainer) : null;
    if (trainer.step() % plan.stepsPerEpoch() == 0 || isLeft) {
      // Here the driver looks at it; else it is written while the next segment runs.
      trainer.awaitCheckpoint();
    }
    return new SegmentOutcome(
        rank,
        host,
        trainer.step(),
        isLeft,
        rank == 0 ? new ArrayList<>(steps) : List.of(),
        rank == 0 ? trainer.takeNotes() : List.of(),
        trainer.parametersSha256(),
        evaluation,
        times,
        null);
  }

  private static double garbageCollectionSeconds() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
            .mapToLong(GarbageCollectorMXBean::getCollectionTime)
            .sum()
        * 1e-3;
  }

  /**
   * Rank 0 reports to the driver; all ranks to the executor's gauges and a site's own listeners.
   */
  private StepListener listener(Communicator communicator) {
    List<StepListener> all = new ArrayList<>();
    all.add(BellowsPlugin::show);
    if (communicator.rank() == 0) {
      all.add(teller());
    }
    for (RankListener listener : ServiceLoader.load(RankListener.class)) {
      all.add(listener.beginSegment(plan, communicator));
    }
    return metrics -> all.forEach(listener -> listener.onStep(metrics));
  }

  /** Tells the driver of steps, ten times a second at most. */
  private static StepListener teller() {
    long[] lastTold = {0};
    return metrics -> {
      long now = System.nanoTime();
      if (now - lastTold[0] > 100_000_000L) {
        lastTold[0] = now;
        try {
          BellowsPlugin.send(metrics);
        } catch (IOException e) {
          LOG.debug("cannot report to the driver: step {}", metrics.step(), e);
        }
      }
    };
  }

  private PartialEvaluation evaluate(Trainer trainer) {
    return Evaluator.of(
            hadoop.value(),
            plan.settings().data(),
            plan.settings().evaluate(),
            plan.manifest(),
            plan.settings().train().validationSplit(),
            plan.inputSpec())
        .evaluate(
            trainer.evaluationNetworks(), trainer.exchange().rank(), trainer.exchange().size());
  }

  /** An understood failure is a sentence; only what should not happen is a stack trace. */
  private void tell(Throwable failure) {
    if (failure instanceof BellowsException) {
      LOG.warn("segment from step {} failed: {}", segment.from(), failure.getMessage());
    } else {
      LOG.error("segment from step {} failed", segment.from(), failure);
    }
  }

  private static SegmentOutcome.Failure failure(Throwable failure) {
    StringWriter trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace));
    if (failure instanceof BellowsException known) {
      return new SegmentOutcome.Failure(
          kind(known), known.category(), known.getMessage(), trace.toString());
    }
    // Out of memory is the machine's, anything else unforeseen is ours.
    boolean isMemory = failure instanceof OutOfMemoryError;
    return new SegmentOutcome.Failure(
        isMemory ? Kind.MACHINE : Kind.UNFORESEEN,
        isMemory ? ErrorCategory.INFRASTRUCTURE : ErrorCategory.INTERNAL,
        failure.toString(),
        trace.toString());
  }

  private static Kind kind(BellowsException known) {
    if (known instanceof PeerLostException peer) {
      return peer.isSilent() ? Kind.SILENT_PEER : Kind.LOST_PEER;
    }
    if (known instanceof ReplacedExecutorException) {
      return Kind.REPLACED;
    }
    if (known instanceof UnusableDeviceException || known instanceof UnlikeExecutorsException) {
      return Kind.UNDERSTOOD;
    }
    return known.category() == ErrorCategory.INFRASTRUCTURE ? Kind.MACHINE : Kind.UNDERSTOOD;
  }
}
