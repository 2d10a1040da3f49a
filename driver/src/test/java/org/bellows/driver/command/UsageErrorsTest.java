// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.bellows.driver.CommandLine;
import org.bellows.driver.CommandLine.Said;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UsageErrorsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "train --epochs 3 | Unknown options: '--epochs', '3' | Did you mean train.epochs or"
            + " show.epochs? | bellows train",
        "train train.epochs=3 | Unmatched argument at index 1: 'train.epochs=3' | Did you mean"
            + " train.epochs? | bellows train",
        "train --dryrun | Unknown option: '--dryrun' | Possible solutions: --dry-run | bellows"
            + " train",
        "models sho | Unmatched argument at index 1: 'sho' | Did you mean: models show? | bellows"
            + " models",
        "models show | Missing required parameter: 'NAME' | \"bellows models show --help\" |"
            + " bellows models show",
      })
  void whatIsWrongIsSaidWithWhatMayBeMeant(
      String command, String problem, String hint, String describes) {
    Said said = CommandLine.run(command.split(" "));
    assertThat(said.exitCode()).isEqualTo(2);
    assertThat(said.err())
        .startsWith("bellows: " + problem + "\n")
        .contains(hint)
        .endsWith("\"" + describes + " --help\" describes the command.\n")
        .doesNotContain("Usage:");
  }

  @Test
  void aMissingCommandIsAnsweredByTheListOfThem() {
    Said said = CommandLine.run("data");
    assertThat(said.exitCode()).isEqualTo(2);
    assertThat(said.err())
        .startsWith("bellows: Missing COMMAND\nUsage: bellows data ")
        .contains("  show  ");
  }
}
