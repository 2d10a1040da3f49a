// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.chart;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NumberTextTest {
  @Test
  void durationsAreReadAtAGlance() {
    assertThat(NumberText.duration(15.15)).isEqualTo("15.2\u00a0s");
    assertThat(NumberText.duration(292)).isEqualTo("4\u00a0min 52\u00a0s");
    assertThat(NumberText.duration(3719.6)).isEqualTo("1\u00a0h 2\u00a0min");
    assertThat(NumberText.duration(Double.NaN)).isEqualTo(NumberText.NONE);
  }

  @Test
  void whatAPersonWroteStaysAsItWas() {
    assertThat(NumberText.plain(0.0001)).isEqualTo("0.0001");
    assertThat(NumberText.plain(0.1)).isEqualTo("0.1");
    assertThat(NumberText.plain(10)).isEqualTo("10");
    assertThat(NumberText.plain(0)).isEqualTo("0");
  }

  @Test
  void aTitleBeginsWithACapitalLetterUnlessItsFirstWordHasOne() {
    assertThat(NumberText.capitalised("top-1 accuracy")).isEqualTo("Top-1 accuracy");
    assertThat(NumberText.capitalised("frequency-weighted IoU"))
        .isEqualTo("Frequency-weighted IoU");
    assertThat(NumberText.capitalised("mIoU and frequency-weighted IoU"))
        .isEqualTo("mIoU and frequency-weighted IoU");
  }
}
