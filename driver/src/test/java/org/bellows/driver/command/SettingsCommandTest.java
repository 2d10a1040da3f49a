// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.bellows.driver.CommandLine;
import org.bellows.driver.CommandLine.Said;
import org.junit.jupiter.api.Test;

class SettingsCommandTest {
  private static Said settings(String... arguments) {
    String[] all = new String[arguments.length + 1];
    all[0] = "settings";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return CommandLine.run(all);
  }

  @Test
  void aSettingIsToldWithDefaultRangeUnitAndMeaning() {
    Said said = settings("sync.timeout");
    assertThat(said.exitCode()).as(said.err()).isZero();
    assertThat(said.out())
        .isEqualTo(
            """
            sync.timeout-seconds = 120
                a whole number from 1 to 86400 (seconds)
                Longest wait for another rank in one exchange.

            """);
  }

  @Test
  void aPrefixChoosesASectionAndAWordWhatSpeaksOfIt() {
    assertThat(settings("cluster.").out().lines().filter(line -> line.matches("\\S.*")))
        .hasSize(10)
        .allMatch(line -> line.startsWith("cluster."));
    assertThat(settings("halves").out()).startsWith("sync.communication-dtype = float32\n");
    assertThat(settings().out()).contains("source.path = \"\"\n", "train.epochs = 90\n");
  }

  @Test
  void whatIsChangedIsToldBesideTheDefault() {
    Said said = settings("schedule", "--profile=lenet5-fashion-mnist", "--changed");
    assertThat(said.out())
        .isEqualTo(
            """
            schedule.base-lr       = 0.2  default 0.1
            schedule.warmup-epochs = 1    default auto
            """);
    assertThat(settings("train.epochs", "--set=train.epochs=3").out())
        .startsWith("train.epochs = 90\n    here: 3\n");
    assertThat(settings("--changed").out())
        .isEqualTo("nothing is changed: all settings have their defaults\n");
  }

  @Test
  void whatIsNoSettingIsRefused() {
    Said said = settings("train.epoks");
    assertThat(said.exitCode()).isEqualTo(2);
    assertThat(said.err())
        .isEqualTo(
            "bellows: no setting begins with \"train.epoks\" or has it in its meaning; did you mean"
                + " train.epochs?; \"bellows settings\" lists all\n");
    assertThat(settings("--profile=quikstart").err()).contains("did you mean quickstart?");
  }
}
