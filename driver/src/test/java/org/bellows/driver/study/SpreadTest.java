package org.bellows.driver.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpreadTest {

  @Test
  void isMeanAndSampleDeviation() {
    assertThat(Spread.of(List.of(0.25, 0.75)).text(100, 1)).isEqualTo("50.0 ± 35.4");
    assertThat(Spread.of(List.of(0.25)).text(100, 1)).isEqualTo("25.0");
  }

  /** A training that diverged has a loss, too. */
  @Test
  void saysThatAValueIsNotFinite() {
    assertThat(Spread.of(List.of(2.3, Double.NaN)).text(1, 3)).isEqualTo("not finite");
  }
}
