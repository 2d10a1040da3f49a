// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.spark;

import org.apache.hadoop.conf.Configuration;

/** Hadoop's configuration for commands that start no Spark. */
public final class SiteConfiguration {
  private static final String PREFIX = "spark.hadoop.";

  private SiteConfiguration() {}

  /**
   * Site files, and what {@code spark.hadoop.KEY} says among this process's properties, where
   * spark-submit puts its own: a command finds the same stores with and without Spark.
   */
  public static Configuration read() {
    Configuration hadoop = new Configuration();
    for (String name : System.getProperties().stringPropertyNames()) {
      if (name.startsWith(PREFIX)) {
        hadoop.set(name.substring(PREFIX.length()), System.getProperty(name), "property " + name);
      }
    }
    return hadoop;
  }
}
