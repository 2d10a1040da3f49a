package org.bellows.driver.command;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code benchmark}: measurements of Bellows against something plain. */
@Command(
    name = "benchmark",
    mixinStandardHelpOptions = true,
    description = "Measures parts of Bellows beside something plain, in alternating rounds.",
    synopsisSubcommandLabel = "WHAT",
    subcommands = {
      BenchmarkInputCommand.class,
      BenchmarkFeaturesCommand.class,
      BenchmarkRecipeCommand.class,
      BenchmarkCostModelCommand.class
    })
final class BenchmarkCommand implements Runnable {
  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "Missing WHAT");
  }
}
