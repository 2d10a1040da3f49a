// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.spark;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

class ExecutorJvmTest {
  private static final String DEFAULTS = "spark.executor.defaultJavaOptions";

  @Test
  void whatTheUserSaysComesLastAndWins() {
    SparkConf conf = new SparkConf(false).set(DEFAULTS, "-XX:Tier4CompileThreshold=15000");
    ExecutorJvm.setDefaults(conf);
    assertThat(conf.get(DEFAULTS))
        .isEqualTo(ExecutorJvm.COMPILER + " -XX:Tier4CompileThreshold=15000");
  }

  /** They share this machine's processors with a driver that the launcher starts. */
  @Test
  void theLauncherGivesTheDriverTheSame() throws IOException {
    assertThat(Path.of("../deploy/bin/bellows")).content().contains(ExecutorJvm.COMPILER);
  }

  /**
   * Java would say nothing of a misspelt one: Spark tells it to pass over what it does not know.
   */
  @Test
  void javaKnowsTheOptions() {
    HotSpotDiagnosticMXBean java =
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    for (String option : ExecutorJvm.COMPILER.split(" ")) {
      String[] nameAndValue = option.replace("-XX:", "").split("=");
      assertThat(Long.parseLong(java.getVMOption(nameAndValue[0]).getValue()))
          .isLessThan(Long.parseLong(nameAndValue[1]));
    }
  }
}
