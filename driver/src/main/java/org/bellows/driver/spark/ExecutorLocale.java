// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.spark;

import java.util.Map;
import org.apache.spark.SparkConf;

/**
 * Java takes the letters of file names from the locale that its process starts in. Where that is C,
 * as in YARN's containers, an executor could neither list nor open a local file whose name goes
 * beyond ASCII.
 */
final class ExecutorLocale {
  private static final String LC_ALL = "spark.executorEnv.LC_ALL";
  private static final String UTF_8 = "(?i).*\\.utf-?8(@.*)?";

  private ExecutorLocale() {}

  /** The driver's own if it is one of UTF-8; what the user says wins. */
  static void setDefault(SparkConf conf, Map<String, String> environment) {
    String own = environment.getOrDefault("LC_ALL", "");
    conf.setIfMissing(LC_ALL, own.matches(UTF_8) ? own : "C.UTF-8");
  }
}
