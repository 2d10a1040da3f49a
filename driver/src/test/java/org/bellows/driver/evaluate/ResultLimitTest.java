// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.evaluate;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.apache.spark.SparkConf;
import org.bellows.conf.ConfigurationException;
import org.bellows.data.manifest.DatasetManifest;
import org.bellows.driver.registry.TinyVersions;
import org.junit.jupiter.api.Test;

class ResultLimitTest {
  private static final String KEY = "spark.driver.maxResultSize";

  private static SparkConf limit(String limit) {
    return new SparkConf(false).set(KEY, limit);
  }

  /** Two classes: 72 bytes a sample. */
  @Test
  void moreProbabilitiesThanSparkReturnsAreRefusedBeforeTheJob() {
    DatasetManifest several = TinyVersions.dataset(29_128).withSeveralLabels();
    assertThatThrownBy(() -> ResultLimit.require(limit("2m"), several, "train"))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageEndingWith(
            KEY
                + ": is 2m, but an evaluation of split train returns 29,128 images x 2 classes, 3 MiB, to the driver; start Spark with --conf "
                + KEY
                + "=3m or more, or 0 for no limit");
    DatasetManifest one = TinyVersions.dataset(29_128);
    assertThatCode(
            () -> {
              ResultLimit.require(limit("3m"), several, "train");
              ResultLimit.require(limit("0"), several, "train");
              ResultLimit.require(new SparkConf(false), several, "train");
              ResultLimit.require(limit("2m"), several, "test");
              ResultLimit.require(limit("2m"), several, "");
              ResultLimit.require(limit("2m"), one, "train");
            })
        .doesNotThrowAnyException();
  }
}
