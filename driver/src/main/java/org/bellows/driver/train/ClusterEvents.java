// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorAdded;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskStart;

/**
 * Which executors were lost, where and why: what Spark says when a barrier stage fails has no host
 * in it. Called by Spark's listener bus, a little later than the stage's failure.
 */
final class ClusterEvents extends SparkListener {
  /** Of the jobs that are segments. */
  static final String JOB_GROUP = "bellows-train";

  private static final String GROUP_PROPERTY = "spark.jobGroup.id";
  private static final int NO_STAGE = -1;
  private static final long PATIENCE_MILLISECONDS = 3000;

  /** Processes that end by a signal have an exit code of 128 and its number; YARN says status. */
  private static final Pattern SIGNAL =
      Pattern.compile("(?:exited with code|Exit status:) (1[2-9]\\d)\\b");

  private static final int SIGNALS = 128;

  /** Guarded by this; by executor. */
  private final Map<String, String> hosts = new HashMap<>();

  /** Guarded by this; by executor, the partition of the attempt's first segment. */
  private final Map<String, Integer> firstPartitions = new HashMap<>();

  /** Guarded by this; those of the attempt's ranks that have gone. */
  private final Set<String> goneRanks = new HashSet<>();

  /** Guarded by this; of the attempt. */
  private int workers;

  /** Guarded by this; of the segment. */
  private int stage = NO_STAGE;

  /** Guarded by this; executors by partition. */
  private final Map<Integer, String> partitions = new HashMap<>();

  /** Guarded by this. */
  private final List<String> lost = new ArrayList<>();

  /** Executors get new ranks, by the partitions of the first segment. */
  synchronized void beginAttempt(int ofWorkers) {
    firstPartitions.clear();
    goneRanks.clear();
    workers = ofWorkers;
  }

  /** Losses before it are known. */
  synchronized void beginSegment() {
    lost.clear();
    partitions.clear();
    stage = NO_STAGE;
  }

  @Override
  public synchronized void onExecutorAdded(SparkListenerExecutorAdded added) {
    hosts.put(added.executorId(), added.executorInfo().executorHost());
  }

  @Override
  public void onStageSubmitted(SparkListenerStageSubmitted submitted) {
    onStage(submitted.stageInfo().stageId(), submitted.properties());
  }

  /**
   * Other jobs of the program have stages, too.
   *
   * @param properties of its job, or null
   */
  synchronized void onStage(int submitted, Properties properties) {
    if (properties != null && JOB_GROUP.equals(properties.getProperty(GROUP_PROPERTY))) {
      stage = submitted;
    }
  }

  @Override
  public synchronized void onTaskStart(SparkListenerTaskStart start) {
    if (start.stageId() != stage) {
      return;
    }
    String executor = start.taskInfo().executorId();
    hosts.put(executor, start.taskInfo().host());
    if (firstPartitions.size() < workers) {
      firstPartitions.putIfAbsent(executor, start.taskInfo().index());
    }
    partitions.put(start.taskInfo().index(), executor);
  }

  /** Whether all tasks of this segment have. */
  synchronized boolean haveBegun() {
    return partitions.size() >= workers;
  }

  /** Executors of this segment's tasks, as far as they have begun. */
  synchronized Set<String> executors() {
    return Set.copyOf(partitions.values());
  }

  /** Executors of the attempt's ranks that have gone: told to end, or lost. */
  synchronized Set<String> goneRanks() {
    return Set.copyOf(goneRanks);
  }

  @Override
  public synchronized void onExecutorRemoved(SparkListenerExecutorRemoved removed) {
    String executor = removed.executorId();
    if (firstPartitions.containsKey(executor)) {
      goneRanks.add(executor);
    }
    OptionalInt rank = rank(executor);
    String what =
        "executor %s on %s%s was lost: %s"
            .formatted(
                executor,
                hosts.getOrDefault(executor, "an unknown host"),
                rank.isEmpty() ? "" : " (rank " + rank.getAsInt() + ")",
                explained(removed.reason()));
    // On YARN Spark reports it twice, from the connection and from the resource manager.
    if (!lost.contains(what)) {
      lost.add(what);
    }
    notifyAll();
  }

  static String explained(String reason) {
    String first = String.valueOf(reason).lines().findFirst().orElse("").strip();
    Matcher matcher = SIGNAL.matcher(first);
    if (!matcher.find()) {
      return first;
    }
    return switch (Integer.parseInt(matcher.group(1)) - SIGNALS) {
      case 9 -> first + " (SIGKILL: often out of memory, or preempted)";
      case 15 -> first + " (SIGTERM: often preempted)";
      case 6 -> first + " (SIGABRT: native code gave up)";
      case 11 -> first + " (SIGSEGV: native code crashed)";
      default -> first;
    };
  }

  /** Rank, host and executor of a partition in this segment. */
  synchronized String place(int partition) {
    String executor = partitions.get(partition);
    if (executor == null) {
      return "a rank that was never started";
    }
    OptionalInt rank = rank(executor);
    return "%s on %s (executor %s)"
        .formatted(
            rank.isEmpty() ? "a rank" : "rank " + rank.getAsInt(), hosts.get(executor), executor);
  }

  /**
   * It keeps its rank through an attempt, whatever partition it is given.
   *
   * @return empty for others, and before all have started
   */
  private synchronized OptionalInt rank(String executor) {
    if (firstPartitions.size() < workers || !firstPartitions.containsKey(executor)) {
      return OptionalInt.empty();
    }
    String[] byPartition = new String[workers];
    firstPartitions.forEach((one, partition) -> byPartition[partition] = hosts.get(one));
    return OptionalInt.of(
        RankOrder.of(Arrays.asList(byPartition)).rank(firstPartitions.get(executor)));
  }

  /** Each executor that was lost in this segment; waits a moment for Spark to tell. */
  synchronized List<String> lost() throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE_MILLISECONDS * 1_000_000L;
    while (lost.isEmpty() && deadline - System.nanoTime() > 0) {
      wait(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
    }
    return List.copyOf(lost);
  }
}
