// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.testing;

import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/**
 * How long HDFS's client sleeps before it asks again. By default a client that closes a file before
 * the NameNode has heard that it is stored comes back in 400 ms, which is so for most of hundreds
 * of small files; one that finds no good replica asks thrice more, 3 to 15 s apart.
 */
public final class HdfsPauses {
  private static final String MILLISECONDS = "10";
  private static final Map<String, String> SHORT =
      Map.of(
          "dfs.client.block.write.locateFollowingBlock.initial.delay.ms",
          MILLISECONDS,
          "dfs.client.retry.window.base",
          MILLISECONDS);
  private static final String FROM_SPARK = "spark.hadoop.";

  private HdfsPauses() {}

  /** For clients that are made with this configuration. */
  public static void shorten(Configuration hadoop) {
    SHORT.forEach(hadoop::set);
  }

  /** For all that takes Spark's settings from this process's properties. */
  public static void shortenInProperties() {
    SHORT.forEach((key, value) -> System.setProperty(FROM_SPARK + key, value));
  }

  public static void restoreProperties() {
    SHORT.keySet().forEach(key -> System.clearProperty(FROM_SPARK + key));
  }
}
