// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.spark;

import java.io.File;
import java.util.List;
import java.util.Map;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.bellows.conf.BellowsException;
import org.bellows.conf.ClusterSettings;
import org.bellows.conf.ConfigurationException;
import org.bellows.conf.Problem;
import org.bellows.conf.Settings;
import org.bellows.driver.line.SparkLine;

/**
 * Spark contexts in which an executor has exactly one task slot. Settings from {@code spark-submit}
 * or its properties file are not changed.
 */
public final class SparkContexts {
  private SparkContexts() {}

  /**
   * @param limits of an executor, under the keys that a person has set
   */
  record Setup(SparkConf conf, ExecutorLimits limits) {}

  /**
   * Starts Spark at once, for training.
   *
   * @param master Spark master URL, or null: what spark-submit gave, else executors on this machine
   */
  public static JavaSparkContext open(String application, Settings settings, String master) {
    return LazySpark.of(application, settings, master, DeviceUse.TRAINING).context();
  }

  /**
   * Everything that Spark is started with.
   *
   * @param defaults of Spark's own settings that suit the application
   */
  static Setup setup(
      String application,
      Settings settings,
      String master,
      DeviceUse use,
      Map<String, String> defaults) {
    // The other line's would end in the midst of the work, in classes that are not there.
    SparkLine.current();
    ClusterSettings cluster = settings.cluster();
    SparkConf conf = new SparkConf();
    defaults.forEach(conf::setIfMissing);
    if (master != null) {
      conf.setMaster(master);
    }
    conf.setIfMissing("spark.master", localCluster(cluster));
    check(conf, cluster);
    HdfsClient.requireReady(conf, settings);
    HdfsClient.setDefaults(conf);
    conf.setIfMissing("spark.app.name", application);
    conf.setIfMissing("spark.executor.instances", Integer.toString(cluster.executors()));
    String cores = Integer.toString(cluster.coresPerExecutor());
    conf.setIfMissing(
        "spark.cores.max", Integer.toString(cluster.executors() * cluster.coresPerExecutor()));
    conf.setIfMissing("spark.executor.cores", cores);
    conf.setIfMissing("spark.task.cpus", cores);
    ExecutorLimits limits = ExecutorLimits.of(conf, cluster);
    limits.applyTo(conf);
    ExecutorJvm.setDefaults(conf);
    ExecutorLocale.setDefault(conf, System.getenv());
    // Threads of the maths are part of a run's identity; the host's core count must not decide.
    conf.set("spark.executorEnv.OMP_NUM_THREADS", Integer.toString(cluster.coresPerLane()));
    ExecutorInstructions.setLimit(conf, settings.train());
    conf.set("spark.plugins", BellowsPlugin.class.getName());
    DeviceResources.ask(conf, settings, use, System.getenv());
    endWaits(conf, settings);
    Redaction.setDefault(conf);
    conf.setIfMissing("spark.ui.showConsoleProgress", "false");
    beScraped(conf);
    if (conf.get("spark.master").startsWith("local")) {
      conf.setIfMissing("spark.ui.enabled", "false");
      conf.setIfMissing("spark.driver.host", "localhost");
      conf.setIfMissing("spark.driver.bindAddress", "127.0.0.1");
    }
    addClassPath(conf);
    return new Setup(conf, limits);
  }

  /** Spark waits very long, or for ever, for what is gone. */
  private static void endWaits(SparkConf conf, Settings settings) {
    int startSeconds = settings.cluster().startTimeoutSeconds();
    // The default is a year; a task that never comes must end in a message instead.
    conf.setIfMissing("spark.barrier.sync.timeout", startSeconds + "s");
    // An executor that goes while a stage is being submitted: the run waits for others, not Spark.
    conf.setIfMissing("spark.scheduler.barrier.maxConcurrentTasksCheck.interval", "1s");
    conf.setIfMissing("spark.scheduler.barrier.maxConcurrentTasksCheck.maxFailures", "2");
    // A task that does not end when it is cancelled would keep its executor's only slot for ever.
    conf.setIfMissing("spark.task.reaper.enabled", "true");
    conf.setIfMissing("spark.task.reaper.killTimeout", settings.sync().timeoutSeconds() + "s");
  }

  /** Prometheus finds the driver's metrics beside Spark's pages, protected by the same filters. */
  private static void beScraped(SparkConf conf) {
    String sink = "spark.metrics.conf.driver.sink.prometheusServlet.";
    conf.setIfMissing(sink + "class", "org.apache.spark.metrics.sink.PrometheusServlet");
    conf.setIfMissing(sink + "path", "/metrics/prometheus");
    conf.setIfMissing("spark.ui.prometheus.enabled", "true");
  }

  private static String localCluster(ClusterSettings cluster) {
    return "local-cluster[%d,%d,%d]"
        .formatted(
            cluster.executors(), cluster.coresPerExecutor(), cluster.executorMemoryMebibytes());
  }

  private static void check(SparkConf conf, ClusterSettings cluster) {
    String master = conf.get("spark.master");
    if (isOneProcess(conf) && cluster.executors() != 1) {
      throw new ConfigurationException(
          List.of(
              new Problem(
                  "cluster.executors",
                  "is %d, but master %s is a single process; allowed: 1, or leave --master out for %d executors on this machine"
                      .formatted(cluster.executors(), master, cluster.executors()))));
    }
    if (conf.getBoolean("spark.dynamicAllocation.enabled", false)) {
      throw new ConfigurationException(
          List.of(
              new Problem(
                  "spark.dynamicAllocation.enabled",
                  "is true, but barrier stages need a fixed number of executors; allowed: false")));
    }
  }

  static boolean isOneProcess(SparkConf conf) {
    String master = conf.get("spark.master", "");
    return master.equals("local") || master.startsWith("local[");
  }

  /**
   * Without spark-submit, executors on this machine load what this process loaded. A driver in
   * cluster mode was started by it, though YARN's gets no spark.jars.
   */
  private static void addClassPath(SparkConf conf) {
    if (conf.contains("spark.jars")
        || conf.contains("spark.executor.extraClassPath")
        || conf.get("spark.submit.deployMode", "client").equals("cluster")) {
      return;
    }
    conf.set("spark.executor.extraClassPath", absolute(System.getProperty("java.class.path")));
    if (conf.get("spark.master").startsWith("local-cluster")
        && System.getenv("SPARK_HOME") == null) {
      throw BellowsException.configuration(
          "SPARK_HOME is not set, and executors on this machine are started from there; start"
              + " Bellows with deploy/bin/bellows or spark-submit");
    }
    // Spark's launcher looks for a build tree to find it, unless it is set.
    conf.setIfMissing("spark.executorEnv.SPARK_SCALA_VERSION", scalaVersion());
  }

  /** 2.12.18 is 2.12. */
  private static String scalaVersion() {
    String full = scala.util.Properties.versionNumberString();
    return full.substring(0, full.lastIndexOf('.'));
  }

  private static String absolute(String classPath) {
    StringBuilder absolute = new StringBuilder();
    for (String entry : classPath.split(File.pathSeparator)) {
      if (!absolute.isEmpty()) {
        absolute.append(File.pathSeparator);
      }
      absolute.append(new File(entry).getAbsolutePath());
    }
    return absolute.toString();
  }
}
