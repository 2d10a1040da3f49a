// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.spark;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkContext$;
import org.apache.spark.api.java.JavaSparkContext;
import org.bellows.conf.BellowsException;
import scala.Option;
import scala.Tuple2;

/**
 * The Spark context of this process, if there is one already. A process has one at most, so a
 * command either runs in it or cannot run.
 */
final class RunningContext {
  /** The only setting of an application that does not matter to its commands. */
  private static final String NAME = "spark.app.name";

  private static final String JAVA_OPTIONS = ".extraJavaOptions";

  private RunningContext() {}

  /**
   * @param wanted the settings that a context of its own would be started with; the running one may
   *     have further settings
   * @return empty where no context runs
   * @throws BellowsException (configuration) naming the settings in which it differs
   */
  static Optional<JavaSparkContext> with(SparkConf wanted) {
    Option<SparkContext> active = SparkContext$.MODULE$.getActive();
    if (active.isEmpty() || active.get().isStopped()) {
      return Optional.empty();
    }
    requireEqual(wanted, active.get().getConf());
    return Optional.of(JavaSparkContext.fromSparkContext(active.get()));
  }

  /** Values are not printed: some are secret. */
  private static void requireEqual(SparkConf wanted, SparkConf running) {
    List<String> differing = new ArrayList<>();
    for (Tuple2<String, String> setting : wanted.getAll()) {
      String key = setting._1();
      if (!key.equals(NAME) && !isEqual(key, setting._2(), running.get(key, ""))) {
        differing.add(key);
      }
    }
    if (!differing.isEmpty()) {
      differing.sort(null);
      throw BellowsException.configuration(
          "Spark runs in this process already, with other settings than this command needs (%s); stop it first, or start it with these"
              .formatted(String.join(", ", differing)));
    }
  }

  /** Spark puts Java options of its own before those that it is given. */
  private static boolean isEqual(String key, String wanted, String running) {
    return key.endsWith(JAVA_OPTIONS) ? running.endsWith(wanted) : running.equals(wanted);
  }
}
