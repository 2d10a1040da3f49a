// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.spark;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorAdded;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import scala.Option;

/**
 * Which executors are ready, and which ended before they were. Spark counts an executor as soon as
 * it has registered, and only then does it load its plugins and their native libraries: one that
 * dies of that is counted for a moment, again and again.
 */
public final class ExecutorStarts extends SparkListener {
  /** Why an executor is told to end. */
  static final String DECOMMISSIONED = "decommissioned by Spark";

  private static final String LOG = "stderr";

  /** Guarded by this; of all that registered. */
  private final Map<String, Registered> registered = new HashMap<>();

  /** Guarded by this. */
  private final Set<String> ready = new HashSet<>();

  /** Guarded by this. */
  private final Set<String> gone = new HashSet<>();

  /** Guarded by this; told to end, and still here or gone. */
  private final Map<String, Leave> leaving = new LinkedHashMap<>();

  /** Guarded by this; of those that leave, whom no rank needs any more. */
  private final Set<String> released = new HashSet<>();

  /** Guarded by this; how long ranks may need an executor that was told to end. */
  private Duration grace = Duration.ZERO;

  /** Guarded by this. */
  private int failed;

  /** Guarded by this; or null. */
  private Ended last;

  /**
   * @param log address of its log with the cluster manager, or null
   */
  private record Registered(String host, String log) {}

  /**
   * An executor was told to end.
   *
   * @param since by System.nanoTime
   * @param why for a person
   */
  private record Leave(long since, String why) {}

  /**
   * An executor that ended before it was ready.
   *
   * @param reason in Spark's words, one line
   * @param log address of its log with the cluster manager, or null
   */
  record Ended(String executor, String host, String reason, String log) {}

  @Override
  public synchronized void onExecutorAdded(SparkListenerExecutorAdded added) {
    Option<String> log = added.executorInfo().logUrlMap().get(LOG);
    registered.put(
        added.executorId(),
        new Registered(added.executorInfo().executorHost(), log.isDefined() ? log.get() : null));
  }

  @Override
  public synchronized void onExecutorRemoved(SparkListenerExecutorRemoved removed) {
    String executor = removed.executorId();
    boolean wasReady = ready.remove(executor);
    if (wasReady && isDecommissioned(removed.reason())) {
      onLeaving(executor, DECOMMISSIONED);
    }
    // On YARN Spark reports it twice, from the connection and from the resource manager.
    if (gone.add(executor) && !wasReady) {
      failed++;
      Registered known = registered.getOrDefault(executor, new Registered("an unknown host", null));
      String reason = String.valueOf(removed.reason()).lines().findFirst().orElse("").strip();
      last = new Ended(executor, known.host(), reason, known.log());
    }
  }

  /** Spark's words for the end of an executor that it had decommissioned. */
  private static boolean isDecommissioned(String reason) {
    return String.valueOf(reason).toLowerCase(Locale.ROOT).contains("decommission");
  }

  /** An executor says so itself, when its plugins and native libraries are loaded. */
  synchronized void onReady(String executor) {
    if (!gone.contains(executor)) {
      ready.add(executor);
    }
  }

  /** How many can take tasks and have not been told to end. */
  public synchronized int ready() {
    return (int) ready.stream().filter(executor -> !leaving.containsKey(executor)).count();
  }

  /** Likewise, with those that have been told to end and are still here for their ranks' sake. */
  public synchronized int readyOrLeaving() {
    return ready.size();
  }

  /**
   * Ranks are about to be on executors.
   *
   * @param longest that one which was told to end stays for its rank's sake; 0: there are no ranks
   *     any more
   */
  public synchronized void keepLeaving(Duration longest) {
    grace = longest;
  }

  /**
   * Spark decommissions it, or it has received SIGTERM.
   *
   * @param why for a person; of several reasons the first counts
   */
  synchronized void onLeaving(String executor, String why) {
    leaving.putIfAbsent(executor, new Leave(System.nanoTime(), why));
  }

  /** Whether an executor has been told to end; it may have gone since. */
  public synchronized boolean isToldToEnd(String executor) {
    return leaving.containsKey(executor);
  }

  /** Whether an executor that was told to end may do so now. */
  synchronized boolean mayLeave(String executor, String why) {
    onLeaving(executor, why);
    return released.contains(executor)
        || System.nanoTime() - leaving.get(executor).since() >= grace.toNanos();
  }

  /** How many have been told to end and have gone of themselves since the last {@link #release}. */
  public synchronized int left() {
    return (int)
        leaving.keySet().stream()
            .filter(executor -> gone.contains(executor) && !released.contains(executor))
            .count();
  }

  /** Those that are here and have been decommissioned, which makes them leave. */
  public synchronized List<String> decommissioned(Predicate<String> isDecommissioned) {
    List<String> all = ready.stream().filter(isDecommissioned).toList();
    all.forEach(executor -> onLeaving(executor, DECOMMISSIONED));
    return all;
  }

  /**
   * Lets all go that have been told to end and are still here.
   *
   * @return each with its host and why, for a person, and those that have gone since the last time
   */
  public synchronized List<String> release() {
    List<String> leave =
        leaving.keySet().stream().filter(executor -> !released.contains(executor)).toList();
    released.addAll(leave);
    return leave.stream()
        .map(
            executor ->
                "executor %s on %s (%s)"
                    .formatted(
                        executor,
                        registered
                            .getOrDefault(executor, new Registered("an unknown host", null))
                            .host(),
                        leaving.get(executor).why()))
        .toList();
  }

  /** Whether one that was let go is still here, so that Spark might give it a task. */
  public synchronized boolean isOneLeaving() {
    return leaving.keySet().stream()
        .anyMatch(executor -> released.contains(executor) && !gone.contains(executor));
  }

  synchronized boolean isReady(String executor) {
    return ready.contains(executor);
  }

  /** How many registered and ended before they were ready. */
  synchronized int failed() {
    return failed;
  }

  /** How many have registered and not ended. */
  synchronized int present() {
    return (int) registered.keySet().stream().filter(executor -> !gone.contains(executor)).count();
  }

  synchronized boolean hasRegistered(String executor) {
    return registered.containsKey(executor);
  }

  synchronized Optional<Ended> last() {
    return Optional.ofNullable(last);
  }
}
