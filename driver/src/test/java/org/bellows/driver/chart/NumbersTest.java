package org.bellows.driver.chart;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NumbersTest {
  @Test
  void durationsAreReadAtAGlance() {
    assertThat(Numbers.duration(15.15)).isEqualTo("15.2\u00a0s");
    assertThat(Numbers.duration(292)).isEqualTo("4\u00a0min 52\u00a0s");
    assertThat(Numbers.duration(3719.6)).isEqualTo("1\u00a0h 2\u00a0min");
    assertThat(Numbers.duration(Double.NaN)).isEqualTo(Numbers.NONE);
  }

  @Test
  void whatAPersonWroteStaysAsItWas() {
    assertThat(Numbers.plain(0.0001)).isEqualTo("0.0001");
    assertThat(Numbers.plain(0.1)).isEqualTo("0.1");
    assertThat(Numbers.plain(10)).isEqualTo("10");
    assertThat(Numbers.plain(0)).isEqualTo("0");
  }
}
