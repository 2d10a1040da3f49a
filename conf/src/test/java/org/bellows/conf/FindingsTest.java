package org.bellows.conf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class FindingsTest {
  private static void failWith(BellowsException failure) {
    throw failure;
  }

  @Test
  void whatIsRightIsHandedOut() {
    Findings findings = new Findings();
    assertThat(findings.of(() -> 7)).contains(7);
    findings.check(() -> {});
    assertThat(findings.areNone()).isTrue();
    assertThatCode(findings::requireNone).doesNotThrowAnyException();
  }

  @Test
  void oneFailureIsItself() {
    BellowsException failure = BellowsException.data("no dataset");
    Findings findings = new Findings();
    assertThat(findings.of(() -> failing(failure))).isEmpty();
    assertThatThrownBy(findings::requireNone).isSameAs(failure);
  }

  private static Integer failing(BellowsException failure) {
    throw failure;
  }

  /** Also those of checks within a check, and each sentence once. */
  @Test
  void severalAreToldSideBySide() {
    Findings inner = new Findings();
    inner.check(() -> failWith(BellowsException.data("no dataset")));
    inner.check(
        () -> failWith(new ConfigurationException(List.of(new Problem("model.name", "is odd")))));
    Findings findings = new Findings();
    findings.check(() -> failWith(BellowsException.infrastructure("no answer")));
    findings.check(inner::requireNone);
    findings.check(() -> failWith(BellowsException.data("no dataset")));
    assertThatThrownBy(findings::requireNone)
        .isInstanceOfSatisfying(
            BellowsException.class,
            failure -> assertThat(failure.category()).isEqualTo(ErrorCategory.CONFIGURATION))
        .hasMessage("3 problems:\n  no answer\n  no dataset\n  model.name: is odd");
  }

  @Test
  void dataComesBeforeInfrastructure() {
    Findings findings = new Findings();
    findings.check(() -> failWith(BellowsException.infrastructure("no answer")));
    findings.check(() -> failWith(BellowsException.data("no dataset")));
    assertThatThrownBy(findings::requireNone)
        .isInstanceOfSatisfying(
            BellowsException.class,
            failure -> assertThat(failure.category()).isEqualTo(ErrorCategory.DATA));
  }
}
