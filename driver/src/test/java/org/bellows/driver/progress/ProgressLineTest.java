// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.progress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.bellows.driver.report.MetricFixtures;
import org.junit.jupiter.api.Test;

class ProgressLineTest {
  private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(shown, true, StandardCharsets.UTF_8);

  private String shown() {
    return shown.toString(StandardCharsets.UTF_8);
  }

  @Test
  void withoutATerminalLinesComeNowAndThen() {
    ProgressLine progress = new ProgressLine(out, false, 3600);
    progress.show("one");
    progress.show("two");
    progress.say("three");
    assertThat(shown().lines()).containsExactly("one", "three");
  }

  @Test
  void onATerminalOneLineIsRewritten() {
    ProgressLine progress = new ProgressLine(out, true, 3600);
    progress.show("one");
    progress.say("done");
    assertThat(shown()).isEqualTo("\rone\u001b[K\r\u001b[Kdone" + System.lineSeparator());
  }

  @Test
  void aNameFromOutsideCannotRewriteIt() {
    ProgressLine progress = new ProgressLine(out, true, 3600);
    progress.show("reading a\n\u001b[2Jb");
    progress.say("read a\u001b[2Jb");
    assertThat(shown())
        .isEqualTo(
            "\rreading a\\u000a\\u001b[2Jb\u001b[K\r\u001b[Kread a\\u001b[2Jb"
                + System.lineSeparator());
  }

  @Test
  void ofFiveClassesTopFiveIsNoNews() {
    assertThat(EvaluationText.text(5, MetricFixtures.values(0.5, 0.75, 1), 0))
        .isEqualTo("top-1 75.00 %  loss 0.5000");
    assertThat(EvaluationText.text(6, MetricFixtures.values(0.5, 0.75, 1), 0))
        .isEqualTo("top-1 75.00 %  top-5 100.00 %  loss 0.5000");
  }

  @Test
  void clocksHaveHoursOnlyWhenThereAreAny() {
    assertThat(ProgressLine.clock(75)).isEqualTo("1:15");
    assertThat(ProgressLine.clock(3700)).isEqualTo("1:01:40");
  }
}
