// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.spark;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
  private static final String LOG = "stderr";

  /** Guarded by this; of all that registered. */
  private final Map<String, Registered> registered = new HashMap<>();

  /** Guarded by this. */
  private final Set<String> ready = new HashSet<>();

  /** Guarded by this. */
  private final Set<String> gone = new HashSet<>();

  /** Guarded by this. */
  private int failed;

  /** Guarded by this; or null. */
  private Ended last;

  /**
   * @param log address of its log with the cluster manager, or null
   */
  private record Registered(String host, String log) {}

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
    // On YARN Spark reports it twice, from the connection and from the resource manager.
    if (gone.add(executor) && !wasReady) {
      failed++;
      Registered known = registered.getOrDefault(executor, new Registered("an unknown host", null));
      String reason = String.valueOf(removed.reason()).lines().findFirst().orElse("").strip();
      last = new Ended(executor, known.host(), reason, known.log());
    }
  }

  /** An executor says so itself, when its plugins and native libraries are loaded. */
  synchronized void onReady(String executor) {
    if (!gone.contains(executor)) {
      ready.add(executor);
    }
  }

  /** How many can take tasks. */
  public synchronized int ready() {
    return ready.size();
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
