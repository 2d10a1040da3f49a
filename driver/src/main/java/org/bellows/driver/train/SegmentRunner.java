// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.train;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntSupplier;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ClusterSettings;
import org.bellows.conf.text.Words;
import org.bellows.driver.spark.MonitoredJob;
import org.bellows.worker.collective.transport.Session;
import org.bellows.worker.train.TrainingPlan;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs segments as barrier stages, and tells failures that a new attempt may get over from those
 * that would only come again.
 */
final class SegmentRunner implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SegmentRunner.class);

  private final JavaSparkContext spark;
  private final ClusterSettings cluster;
  private final TrainingPlan plan;
  private final Duration timeout;
  private final IntSupplier active;
  private final ClusterEvents events = new ClusterEvents();
  private Session session;

  /**
   * @param active how many executors take tasks
   */
  SegmentRunner(
      JavaSparkContext spark, ClusterSettings cluster, TrainingPlan plan, IntSupplier active) {
    this.active = active;
    this.spark = spark;
    this.cluster = cluster;
    this.plan = plan;
    this.timeout = Duration.ofSeconds(plan.settings().sync().timeoutSeconds());
    spark.sc().addSparkListener(events);
  }

  /**
   * @return outcomes by rank; all have the same parameters
   * @throws SegmentLostException saying which rank on which host was lost, and why
   * @throws BellowsException a failure that would repeat
   */
  List<SegmentOutcome> run(Segment segment, int workers) {
    if (!segment.session().equals(session)) {
      session = segment.session();
      events.beginAttempt(workers);
    }
    events.beginSegment();
    // A cancelled task is interrupted, too.
    spark.setJobGroup(ClusterEvents.JOB_GROUP, description(segment), true);
    SegmentTask task =
        new SegmentTask(plan, segment, new SerializableConfiguration(spark.hadoopConfiguration()));
    SegmentResults arrivals = new SegmentResults(workers, timeout);
    try {
      MonitoredJob.call(
          spark,
          cluster,
          () -> {
            BarrierJob.run(spark, task, arrivals, () -> isShort(workers));
            return arrivals;
          });
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      String lost = lost(e);
      throw events.haveBegun()
          ? SegmentLostException.toMachines(lost, e)
          : SegmentLostException.beforeItBegan(lost, e);
    }
    failIfFailed(arrivals);
    List<SegmentOutcome> outcomes =
        arrivals.outcomes().stream().sorted(Comparator.comparing(SegmentOutcome::rank)).toList();
    requireSameParameters(segment, outcomes);
    return outcomes;
  }

  private boolean isShort(int workers) {
    return !events.haveBegun() && active.getAsInt() < workers;
  }

  /** Executors that the last segment had tasks on. */
  Set<String> executors() {
    return events.executors();
  }

  /**
   * Executors of ranks that have gone, told to end or lost.
   *
   * @param of the attempt; one that has had no segment has no ranks
   */
  Set<String> goneRanks(Session of) {
    return of.equals(session) ? events.goneRanks() : Set.of();
  }

  /** Without a stage for it: Spark would wait until there are as many slots as it has tasks. */
  SegmentLostException lostBetweenSegments() {
    return SegmentLostException.toMachines(
        lost(new IllegalStateException("an executor was lost between two segments")), null);
  }

  private String description(Segment segment) {
    boolean evaluates = segment.from() == segment.to();
    return "Bellows train %s: epoch %d of %d, %s, attempt %d"
        .formatted(
            plan.settings().model().name(),
            segment.from() / plan.stepsPerEpoch() + (evaluates ? 0 : 1),
            plan.settings().train().epochs(),
            evaluates
                ? "evaluation after step %d".formatted(segment.to())
                : "steps %d to %d".formatted(segment.from(), segment.to()),
            segment.session().attempt());
  }

  private String lost(Exception failure) {
    try {
      List<String> lost = events.lost();
      if (!lost.isEmpty()) {
        return String.join("; ", lost);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return String.valueOf(failure.getMessage()).lines().findFirst().orElse(failure.toString());
  }

  private void failIfFailed(SegmentResults arrivals) {
    Optional<SegmentOutcome> cause = arrivals.cause();
    List<String> places = arrivals.missing().stream().sorted().map(events::place).toList();
    String missing = places.isEmpty() ? "" : Words.and(places);
    if (cause.isPresent()) {
      fail(cause.get(), missing);
    } else if (!missing.isEmpty()) {
      throw SegmentLostException.toMachines(
          missing
              + " did not finish: the other ranks did, and it had their time and %d s (sync.timeout-seconds) more"
                  .formatted(timeout.toSeconds()),
          null);
    }
  }

  private void fail(SegmentOutcome cause, String missing) {
    SegmentOutcome.Failure failure = cause.failure();
    LOG.debug("rank {} on {}: {}", cause.rank(), cause.host(), failure.trace());
    String message =
        "rank %d on %s: %s%s"
            .formatted(
                cause.rank(),
                cause.host(),
                failure.message(),
                missing.isEmpty()
                    ? ""
                    : "; " + missing + " did not finish and its task was cancelled");
    switch (failure.kind()) {
      case UNDERSTOOD -> throw new BellowsException(failure.category(), message, null);
      case REPLACED -> throw SegmentLostException.beforeItBegan(message, null);
      case UNFORESEEN, MACHINE, SILENT_PEER, LOST_PEER ->
          throw new SegmentLostException(failure.category(), message, null);
    }
  }

  private static void requireSameParameters(Segment segment, List<SegmentOutcome> outcomes) {
    SegmentOutcome first = outcomes.get(0);
    for (SegmentOutcome outcome : outcomes) {
      if (!outcome.parametersSha256().equals(first.parametersSha256())) {
        throw new IllegalStateException(
            "after step %d rank %d has parameters %s, rank %d has %s"
                .formatted(
                    segment.to(),
                    outcome.rank(),
                    outcome.parametersSha256(),
                    first.rank(),
                    first.parametersSha256()));
      }
    }
  }

  @Override
  public void close() {
    spark.sc().removeSparkListener(events);
    spark.clearJobGroup();
  }
}
