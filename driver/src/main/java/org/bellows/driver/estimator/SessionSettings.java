// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.estimator;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bellows.conf.PublicApi;
import org.bellows.conf.Settings;
import org.bellows.conf.load.SettingsLoader;
import org.bellows.driver.spark.LazySpark;
import scala.Tuple2;

/** Spark's settings for a session in which networks are trained. */
@PublicApi
public final class SessionSettings {
  private SessionSettings() {}

  /**
   * What Spark is started with by the command line, such as Bellows' plugin, one task an executor
   * and limits of memory; to be given to {@code SparkSession.builder().config(...)}. The master is
   * that of spark-submit, else executors on this machine.
   *
   * @param settings each {@code key=value}; those of {@code cluster} matter, and {@code
   *     train.device}, {@code train.instruction-set} and {@code sync.timeout-seconds}
   * @throws org.bellows.conf.BellowsException (configuration) for settings that there are not
   */
  public static Map<String, String> of(String... settings) {
    Map<String, String> conf = new TreeMap<>();
    Settings known = new SettingsLoader().set(List.of(settings)).load(List.of(), List.of());
    for (Tuple2<String, String> entry : LazySpark.conf("bellows", known).getAll()) {
      conf.put(entry._1(), entry._2());
    }
    // The program has a name of its own.
    conf.remove("spark.app.name");
    return conf;
  }
}
