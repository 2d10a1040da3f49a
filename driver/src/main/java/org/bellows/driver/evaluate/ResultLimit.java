// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.evaluate;

import java.util.List;
import org.apache.spark.SparkConf;
import org.bellows.conf.ConfigurationException;
import org.bellows.conf.Problem;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.worker.evaluate.label.LabelAnswers;

/**
 * Spark's limit of what the tasks of a job return together. The probabilities of an evaluation are
 * such results where an image has any number of classes.
 */
public final class ResultLimit {
  private static final String KEY = "spark.driver.maxResultSize";

  /** Spark's own. */
  private static final String DEFAULT = "1g";

  private static final double MEBIBYTE = 1 << 20;

  private ResultLimit() {}

  /**
   * @param split that is evaluated; empty: none
   * @throws ConfigurationException when the answers to its samples are more than the limit
   */
  public static void require(SparkConf conf, DatasetManifest manifest, String split) {
    if (split.isBlank() || !manifest.multiLabel()) {
      return;
    }
    long limit = conf.getSizeAsBytes(KEY, DEFAULT);
    long samples = manifest.split(split).samples();
    int classes = manifest.classes().size();
    long needed = samples * LabelAnswers.bytes(classes);
    if (limit > 0 && needed > limit) {
      throw new ConfigurationException(
          List.of(
              new Problem(
                  KEY,
                  "is %s, but an evaluation of split %s returns %,d images x %,d classes, %,d MiB, to the driver; start Spark with --conf %s=%dm or more, or 0 for no limit"
                      .formatted(
                          conf.get(KEY, DEFAULT),
                          split,
                          samples,
                          classes,
                          mebibytes(needed),
                          KEY,
                          mebibytes(needed)))));
    }
  }

  private static long mebibytes(long bytes) {
    return (long) Math.ceil(bytes / MEBIBYTE);
  }
}
