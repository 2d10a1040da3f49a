// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.spark;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.util.ShutdownHookManager;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.bellows.conf.Settings;
import org.bellows.worker.natives.NativeLibraries;

/**
 * Spark that starts on first use: checks that need no Spark are made without it, and a command that
 * has nothing to do ends without a single executor.
 */
public final class LazySpark implements AutoCloseable {
  /** Before Spark's own hook, which runs at 40, and after {@code Termination}. */
  private static final int HOOK_PRIORITY = 50;

  private final SparkConf conf;
  private final ExecutorLimits limits;
  private final Configuration hadoop;
  private final Runnable quietly = QuietStop::begin;
  private JavaSparkContext context;

  /** Whether the context was started here. */
  private boolean isOurs;

  private LazySpark(
      SparkConf conf, ExecutorLimits limits, Configuration hadoop, JavaSparkContext context) {
    this.conf = conf;
    this.limits = limits;
    this.hadoop = hadoop;
    this.context = context;
  }

  /**
   * @param master Spark master URL, or null: what spark-submit gave, else executors on this machine
   * @param use what executors compute
   * @throws org.bellows.conf.BellowsException (configuration) for what Spark could not be started
   *     with; (infrastructure) when a NameNode that the settings' paths lead to is not there
   */
  public static LazySpark of(String application, Settings settings, String master, DeviceUse use) {
    return of(application, settings, master, use, Map.of());
  }

  /**
   * @param defaults of Spark's own settings that suit the application
   */
  public static LazySpark of(
      String application,
      Settings settings,
      String master,
      DeviceUse use,
      Map<String, String> defaults) {
    SparkContexts.Setup setup = SparkContexts.setup(application, settings, master, use, defaults);
    if (SparkContexts.isOneProcess(setup.conf())) {
      ExecutorInstructions.limitThisProcess(settings.train(), System.getenv());
    }
    LazySpark spark =
        new LazySpark(setup.conf(), setup.limits(), HdfsClient.hadoop(setup.conf()), null);
    if (runsInsideApplicationMaster()) {
      spark.context();
    }
    return spark;
  }

  /** What Spark is started with on the cluster that spark-submit says; starts nothing. */
  public static SparkConf conf(String application, Settings settings) {
    return SparkContexts.setup(application, settings, null, DeviceUse.BOTH, Map.of()).conf();
  }

  /** A running Spark that another owner stops. */
  public static LazySpark started(JavaSparkContext context, Settings settings) {
    return new LazySpark(
        context.getConf(),
        ExecutorLimits.of(context.getConf(), settings.cluster()),
        context.hadoopConfiguration(),
        context);
  }

  /**
   * The Spark of another program, with that program's limits.
   *
   * @param settings fit it, as {@link SessionRequirements} says
   */
  public static LazySpark ofSession(JavaSparkContext context, Settings settings) {
    return new LazySpark(
        context.getConf(),
        ExecutorLimits.ofRunning(context.getConf(), settings.cluster()),
        context.hadoopConfiguration(),
        context);
  }

  /**
   * Whether this is the driver of YARN's cluster mode, which counts as failed when it starts no
   * Spark within 100 s.
   */
  public static boolean runsInsideApplicationMaster() {
    return "yarn".equals(System.getProperty("spark.master"))
        && "cluster".equals(System.getProperty("spark.submit.deployMode"));
  }

  /** The configuration that Spark is, or will be, started with. */
  public SparkConf conf() {
    return conf;
  }

  /** How much an executor may take, under the keys that a person has set. */
  public ExecutorLimits limits() {
    return limits;
  }

  /** Hadoop's configuration as Spark has it: site files and {@code spark.hadoop.*}. */
  public Configuration hadoop() {
    return hadoop;
  }

  public synchronized boolean isStarted() {
    return context != null;
  }

  /**
   * Starts Spark, where it does not run yet. A context that this process has already is used and
   * left open if it has the settings that this one would have, whatever its name.
   *
   * @throws org.bellows.conf.BellowsException (configuration) when it has others
   */
  public synchronized JavaSparkContext context() {
    if (context == null) {
      Optional<JavaSparkContext> running = RunningContext.with(conf);
      isOurs = running.isEmpty();
      context = running.orElseGet(this::start);
    }
    return context;
  }

  private JavaSparkContext start() {
    if (SparkContexts.isOneProcess(conf)) {
      // If the plugin loaded them, Spark's start would be delayed, and its first heartbeat, due in
      // the meantime, would find a block manager without a name and log that as an error.
      NativeLibraries.load();
      // The executor is this process: what a task fails with comes to the driver, which says it.
      Configurator.setLevel("org.apache.spark.executor.Executor", Level.OFF);
    }
    return isLocalCluster() ? ofThisMachine() : new JavaSparkContext(conf);
  }

  private JavaSparkContext ofThisMachine() {
    QuietStop.end();
    // When this process receives a signal to end, Spark is stopped by a hook of its own.
    ShutdownHookManager.get().addShutdownHook(quietly, HOOK_PRIORITY);
    Set<String> foldersBefore = GracefulStop.executorsFolders(conf);
    JavaSparkContext started = new JavaSparkContext(conf);
    GracefulStop.of(started.sc(), foldersBefore);
    return started;
  }

  private boolean isLocalCluster() {
    return conf.get("spark.master").startsWith("local-cluster");
  }

  /** Ends the work in executors; they stay. */
  public synchronized void cancelJobs() {
    if (context != null) {
      context.sc().cancelAllJobs();
    }
  }

  @Override
  public synchronized void close() {
    if (context != null && isOurs) {
      if (isLocalCluster()) {
        QuietStop.begin();
      }
      context.close();
      context = null;
      if (!ShutdownHookManager.get().isShutdownInProgress()) {
        ShutdownHookManager.get().removeShutdownHook(quietly);
      }
    }
  }
}
