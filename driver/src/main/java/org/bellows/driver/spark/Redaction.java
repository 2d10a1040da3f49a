// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.spark;

import org.apache.spark.SparkConf;

/**
 * Settings that Spark's pages, event logs and logs show as asterisks. Spark's own expression
 * (secret, password, token, access key) lets the keys of other storages through, which the clients
 * of Hadoop read from Spark's settings, too.
 */
final class Redaction {
  static final String KEY = "spark.redaction.regex";

  /** Spark looks for it in names and in values, and hides the whole value. */
  static final String DEFAULT =
      "(?i)secret|password|passphrase|token|[.]sas[.]"
          + "|(access|account|api|client|encryption|private|shared|storage)[._-]?key";

  private Redaction() {}

  /** Leaves alone what the site says. */
  static void setDefault(SparkConf conf) {
    conf.setIfMissing(KEY, DEFAULT);
  }
}
