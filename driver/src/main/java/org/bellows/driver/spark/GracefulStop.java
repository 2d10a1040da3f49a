// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.spark;

import java.io.File;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.scheduler.cluster.StandaloneSchedulerBackend;
import org.apache.spark.util.Utils$;
import scala.Function1;
import scala.runtime.AbstractFunction1;
import scala.runtime.BoxedUnit;

/**
 * Between the end of an application and that of its local cluster: Spark stops workers, which are
 * threads of this process, while they still kill executors and remove their folders, and prints
 * traces of what that breaks. Here they get the time to be done with it.
 */
final class GracefulStop extends AbstractFunction1<StandaloneSchedulerBackend, BoxedUnit> {
  private static final String EXECUTORS_FOLDER = "executor-";

  /** A worker's thread that removes folders and then sees to what became of that. */
  private static final String CLEANER = "worker-cleanup-thread";

  private static final long PATIENCE_MILLISECONDS = 5000;
  private static final long LOOK_MILLISECONDS = 20;

  private final Function1<StandaloneSchedulerBackend, BoxedUnit> stop;
  private final SparkContext spark;

  /** Folders of an earlier application in this process, which no other code will remove. */
  private final Set<String> foldersBefore;

  private GracefulStop(
      Function1<StandaloneSchedulerBackend, BoxedUnit> stop,
      SparkContext spark,
      Set<String> foldersBefore) {
    this.stop = stop;
    this.spark = spark;
    this.foldersBefore = foldersBefore;
  }

  /** Does nothing where the workers are not of this process. */
  static void of(SparkContext spark, Set<String> foldersBefore) {
    if (spark.schedulerBackend() instanceof StandaloneSchedulerBackend backend
        && backend.shutdownCallback() != null) {
      backend.shutdownCallback_$eq(
          new GracefulStop(backend.shutdownCallback(), spark, foldersBefore));
    }
  }

  /** Folders that workers of this process keep for executors of any application. */
  static Set<String> executorsFolders(SparkConf conf) {
    Set<String> folders = new HashSet<>();
    for (String root : Utils$.MODULE$.getOrCreateLocalRootDirs(conf)) {
      String[] names = new File(root).list();
      Stream.of(names == null ? new String[0] : names)
          .filter(name -> name.startsWith(EXECUTORS_FOLDER))
          .forEach(name -> folders.add(root + "/" + name));
    }
    return folders;
  }

  /** The application has ended; a worker removes its folders when its last executor has. */
  @Override
  public BoxedUnit apply(StandaloneSchedulerBackend backend) {
    long deadline = System.nanoTime() + PATIENCE_MILLISECONDS * 1_000_000L;
    try {
      while (!haveWorkersEnded() && System.nanoTime() < deadline) {
        Thread.sleep(LOOK_MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return stop.apply(backend);
  }

  private boolean haveWorkersEnded() {
    return foldersBefore.containsAll(executorsFolders(spark.getConf()))
        && Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().equals(CLEANER))
            .allMatch(thread -> thread.getState() == Thread.State.WAITING);
  }
}
