// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProblemCollectorTest {
  private static void failWith(BellowsException failure) {
    throw failure;
  }

  @Test
  void whatIsRightIsHandedOut() {
    ProblemCollector problems = new ProblemCollector();
    assertThat(problems.of(() -> 7)).contains(7);
    problems.check(() -> {});
    assertThat(problems.areNone()).isTrue();
    assertThatCode(problems::requireNone).doesNotThrowAnyException();
  }

  @Test
  void oneFailureIsItself() {
    BellowsException failure = BellowsException.data("no dataset");
    ProblemCollector problems = new ProblemCollector();
    assertThat(problems.of(() -> failing(failure))).isEmpty();
    assertThatThrownBy(problems::requireNone).isSameAs(failure);
  }

  private static Integer failing(BellowsException failure) {
    throw failure;
  }

  /** Also those of checks within a check, and each sentence once. */
  @Test
  void severalAreToldSideBySide() {
    ProblemCollector inner = new ProblemCollector();
    inner.check(() -> failWith(BellowsException.data("no dataset")));
    inner.check(
        () -> failWith(new ConfigurationException(List.of(new Problem("model.name", "is odd")))));
    ProblemCollector problems = new ProblemCollector();
    problems.check(() -> failWith(BellowsException.infrastructure("no answer")));
    problems.check(inner::requireNone);
    problems.check(() -> failWith(BellowsException.data("no dataset")));
    assertThatThrownBy(problems::requireNone)
        .isInstanceOfSatisfying(
            BellowsException.class,
            failure -> assertThat(failure.category()).isEqualTo(ErrorCategory.CONFIGURATION))
        .hasMessage("3 problems:\n  no answer\n  no dataset\n  model.name: is odd");
  }

  @Test
  void dataComesBeforeInfrastructure() {
    ProblemCollector problems = new ProblemCollector();
    problems.check(() -> failWith(BellowsException.infrastructure("no answer")));
    problems.check(() -> failWith(BellowsException.data("no dataset")));
    assertThatThrownBy(problems::requireNone)
        .isInstanceOfSatisfying(
            BellowsException.class,
            failure -> assertThat(failure.category()).isEqualTo(ErrorCategory.DATA));
  }
}
