// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.spark;

import static org.assertj.core.api.Assertions.assertThat;

import org.bellows.conf.BellowsException;
import org.bellows.conf.ErrorCategory;
import org.junit.jupiter.api.Test;

class EndedBySignalTest {
  private static final RuntimeException STOPPED =
      new IllegalStateException("SparkContext has been shutdown");

  @Test
  void whileTheProcessEndsAFailureIsOneSentenceWithItsReason() {
    Throwable told = EndedBySignal.explain(STOPPED, true);
    assertThat(told)
        .isInstanceOfSatisfying(
            BellowsException.class,
            known -> assertThat(known.category()).isEqualTo(ErrorCategory.INFRASTRUCTURE))
        .hasMessage(
            "the driver was told to end (SIGTERM or SIGINT) while it worked (SparkContext has been"
                + " shutdown); run the same command again")
        .hasCause(STOPPED);
  }

  @Test
  void otherFailuresStayAsTheyAre() {
    assertThat(EndedBySignal.explain(STOPPED, false)).isSameAs(STOPPED);
    assertThat(EndedBySignal.explain(STOPPED)).isSameAs(STOPPED);
    RuntimeException known = BellowsException.data("no dataset");
    assertThat(EndedBySignal.explain(known, true)).isSameAs(known);
    Error error = new AssertionError("a fault");
    assertThat(EndedBySignal.explain(error, true)).isSameAs(error);
  }
}
