// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.line;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.bellows.conf.BellowsException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("lines")
class SparkLineTest {
  private static final boolean IS_SPARK_4 =
      org.apache.spark.package$.MODULE$.SPARK_VERSION().startsWith("4.");

  @Test
  void theBuildHasTheCallsOfItsOwnSpark() {
    assertThat(SparkLine.current().getClass().getSimpleName())
        .isEqualTo(IS_SPARK_4 ? "Spark4Line" : "Spark3Line");
  }

  @Test
  void anExitCodeIsCarriedToTheApplicationMaster() {
    assertThat(SparkLine.current().exit(3).exitCode()).isEqualTo(3);
  }

  @Test
  void theOtherLineIsRefusedInOneSentence() {
    String other = IS_SPARK_4 ? "3.5.5" : "4.2.0";
    assertThatThrownBy(() -> SparkLine.of(other))
        .isInstanceOf(BellowsException.class)
        .hasMessage(
            "this build of Bellows cannot run on Spark "
                + other
                + ": it is for another line of Spark; take the one whose name says spark-"
                + (IS_SPARK_4 ? "3.5" : "4"))
        .extracting(failure -> ((BellowsException) failure).category().exitCode())
        .isEqualTo(2);
  }
}
