// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.command.data;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code data}: what a person can see of a prepared dataset. */
@Command(
    name = "data",
    mixinStandardHelpOptions = true,
    header = "Shows a prepared dataset: its pictures, its numbers.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {DataShowCommand.class, DataStatsCommand.class})
public final class DataCommand implements Runnable {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "Missing COMMAND");
  }
}
