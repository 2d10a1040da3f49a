// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.spark;

import java.util.List;
import org.apache.spark.SparkConf;
import org.bellows.conf.Settings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether ranks encrypt what they say to each other. */
public final class NetworkEncryption {
  private static final Logger LOG = LoggerFactory.getLogger(NetworkEncryption.class);

  /**
   * Either makes Spark encrypt what driver and executors say; {@code spark.ssl} is for its pages.
   */
  private static final List<String> SPARK_KEYS =
      List.of("spark.network.crypto.enabled", "spark.authenticate.enableSaslEncryption");

  private NetworkEncryption() {}

  public static boolean isOn(SparkConf conf, Settings.Encryption asked) {
    boolean sparks = SPARK_KEYS.stream().anyMatch(key -> conf.getBoolean(key, false));
    if (asked == Settings.Encryption.ON && !sparks) {
      LOG.warn(
          "sync.encryption is on, but the secret that its keys come from reaches the executors"
              + " through Spark, which does not encrypt; set spark.authenticate and {} to true as"
              + " well",
          SPARK_KEYS.get(0));
    }
    return switch (asked) {
      case AUTO -> sparks;
      case ON -> true;
      case OFF -> false;
    };
  }
}
