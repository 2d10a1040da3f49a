// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The help page of each command, as a terminal of 80 columns shows it. */
class HelpTest {
  private static final int COLUMNS = 80;

  private static List<CommandLine> all(CommandLine command) {
    List<CommandLine> all = new ArrayList<>(List.of(command));
    command.getSubcommands().values().forEach(below -> all.addAll(all(below)));
    return all;
  }

  private static CommandLine bellows() {
    return Bellows.commands().setUsageHelpWidth(COLUMNS);
  }

  @Test
  void noLineIsCutAndEachDescriptionEnds() {
    for (CommandLine command : all(bellows())) {
      String name = command.getCommandSpec().qualifiedName();
      String[] header = command.getCommandSpec().usageMessage().header();
      assertThat(header).as(name).hasSize(1);
      assertThat(header[0]).as(name).matches("[A-Z].*[^.]\\.");
      for (String line : command.getUsageMessage().lines().toList()) {
        assertThat(line.length()).as(name + ": " + line).isLessThanOrEqualTo(COLUMNS);
      }
    }
  }

  @Test
  void aCommandIsDescribedInOneLineOfTheListItStandsIn() {
    for (CommandLine command : all(bellows())) {
      String page = command.getUsageMessage();
      for (Map.Entry<String, CommandLine> below : command.getSubcommands().entrySet()) {
        String described = below.getValue().getCommandSpec().usageMessage().header()[0];
        assertThat(page.lines().map(line -> line.strip().replaceFirst(" +", " ")))
            .as(command.getCommandSpec().qualifiedName())
            .containsOnlyOnce(below.getKey() + " " + described);
      }
    }
  }

  @Test
  void everyOptionAndParameterIsDescribed() {
    for (CommandLine command : all(bellows())) {
      command
          .getCommandSpec()
          .args()
          .forEach(
              arg ->
                  assertThat(String.join(" ", arg.description()))
                      .as(command.getCommandSpec().qualifiedName() + " " + arg.paramLabel())
                      .matches("(?s).*[.?]"));
    }
  }

  @Test
  void keysStayWholeAndSharedOptionsComeLast() {
    String page = bellows().getSubcommands().get("train").getUsageMessage();
    assertThat(page)
        .startsWith("Usage: bellows train ")
        .contains("Needs data.path, output.path and model.name; with --dry-run only model.name.\n")
        .containsSubsequence(
            "  --dry-run ", "  --profile=NAME ", "  --master=URL ", "  -h, --help ");
  }
}
