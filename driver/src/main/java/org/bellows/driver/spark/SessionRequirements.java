// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.spark;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.bellows.conf.ConfigurationException;
import org.bellows.conf.Problem;
import org.bellows.conf.Settings;
import scala.Tuple2;

/**
 * What a training asks of a Spark that another program has started: a running one cannot be given
 * it any more.
 */
public final class SessionRequirements {
  private static final String PLUGINS = "spark.plugins";
  private static final String THREADS = "OMP_NUM_THREADS";
  private static final String ENVIRONMENT = "spark.executorEnv.";
  private static final String INSTANCES = "spark.executor.instances";
  private static final String CORES = "spark.executor.cores";
  private static final String TASK_CORES = "spark.task.cpus";
  private static final Pattern LOCAL_CLUSTER =
      Pattern.compile("local-cluster\\[\\s*([0-9]+)\\s*,\\s*([0-9]+)\\s*,.*");

  private final SparkConf conf;
  private final List<Problem> problems = new ArrayList<>();

  private SessionRequirements(SparkConf conf) {
    this.conf = conf;
  }

  /**
   * @param environment of this process
   * @throws ConfigurationException with all that the running Spark lacks
   */
  public static void require(SparkConf conf, Settings settings, Map<String, String> environment) {
    SessionRequirements requirements = new SessionRequirements(conf);
    requirements.check(settings, environment);
    if (!requirements.problems.isEmpty()) {
      throw new ConfigurationException(requirements.problems);
    }
  }

  private void check(Settings settings, Map<String, String> environment) {
    String plugin = BellowsPlugin.class.getName();
    boolean hasPlugin =
        Arrays.stream(conf.get(PLUGINS, "").split(",")).anyMatch(one -> one.strip().equals(plugin));
    if (!hasPlugin) {
      add(PLUGINS, "lacks %s; start Spark with --conf %s=%s".formatted(plugin, PLUGINS, plugin));
    }
    if (conf.getBoolean("spark.dynamicAllocation.enabled", false)) {
      add(
          "spark.dynamicAllocation.enabled",
          "is true, but barrier stages need a fixed number of executors; allowed: false");
    }
    String threads = Integer.toString(settings.cluster().coresPerLane());
    if (SparkContexts.isOneProcess(conf)) {
      checkThreads("", environment.get(THREADS), threads);
      ExecutorInstructions.limitThisProcess(settings.train(), environment);
      return;
    }
    checkThreads(ENVIRONMENT, conf.get(ENVIRONMENT + THREADS, null), threads);
    checkSlots();
    SparkConf limits = new SparkConf(false);
    ExecutorInstructions.setLimit(limits, settings.train());
    for (Tuple2<String, String> limit : limits.getAll()) {
      if (!limit._2().equals(conf.get(limit._1(), ""))) {
        add(
            limit._1(),
            "is not %s, as train.instruction-set wants; start Spark with --conf %s=%s"
                .formatted(limit._2(), limit._1(), limit._2()));
      }
    }
  }

  private void checkThreads(String prefix, String actual, String expected) {
    if (!expected.equals(actual)) {
      String how =
          prefix.isEmpty()
              ? "start this process with the environment %s=%s".formatted(THREADS, expected)
              : "start Spark with --conf %s%s=%s".formatted(prefix, THREADS, expected);
      add(
          prefix + THREADS,
          "is %s, but cluster.cores-per-lane is %s, and threads decide each bit; %s"
              .formatted(actual == null ? "not set" : actual, expected, how));
    }
  }

  private void checkSlots() {
    String taskCores = conf.get(TASK_CORES, "1");
    String cores = executorCores();
    if (cores == null) {
      add(
          CORES,
          "is not set, and a training takes one task an executor; start Spark with --conf %s=N --conf %s=N"
              .formatted(CORES, TASK_CORES));
    } else if (!cores.equals(taskCores)) {
      add(
          TASK_CORES,
          "is %s, but an executor has %s cores, and a training takes one task an executor; start Spark with --conf %s=%s"
              .formatted(taskCores, cores, TASK_CORES, cores));
    }
  }

  /** Null where only the workers know. */
  private String executorCores() {
    if (conf.contains(CORES)) {
      return conf.get(CORES);
    }
    String master = conf.get("spark.master", "");
    Matcher local = LOCAL_CLUSTER.matcher(master);
    if (local.matches()) {
      return local.group(2);
    }
    return master.startsWith("spark://") ? null : "1";
  }

  private void add(String key, String message) {
    problems.add(new Problem(key, message));
  }

  /** How many executors the running Spark has, or will have. */
  public static int executors(JavaSparkContext spark) {
    SparkConf conf = spark.getConf();
    Matcher local = LOCAL_CLUSTER.matcher(conf.get("spark.master", ""));
    if (SparkContexts.isOneProcess(conf)) {
      return 1;
    } else if (local.matches()) {
      return Integer.parseInt(local.group(1));
    } else if (conf.contains(INSTANCES)) {
      return conf.getInt(INSTANCES, 1);
    }
    // One of them is this process.
    return Math.max(1, spark.sc().statusTracker().getExecutorInfos().length - 1);
  }
}
