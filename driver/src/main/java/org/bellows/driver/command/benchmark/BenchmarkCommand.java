// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.command.benchmark;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * {@code benchmark}: measurements of Bellows against something plain. Those against other people's
 * software come in a jar that is never shipped ({@link
 * org.bellows.driver.benchmark.BenchmarkSubcommand}).
 */
@Command(
    name = BenchmarkCommand.NAME,
    mixinStandardHelpOptions = true,
    header = "Measures parts of Bellows beside a plain counterpart.",
    description = {"Rounds alternate, so that a busy machine is unfair to neither."},
    synopsisSubcommandLabel = "WHAT",
    subcommands = {
      BenchmarkInputCommand.class,
      BenchmarkFeaturesCommand.class,
      BenchmarkRecipeCommand.class,
      BenchmarkCollectiveCommand.class,
      BenchmarkScalingCommand.class,
      BenchmarkCostModelCommand.class
    })
public final class BenchmarkCommand implements Runnable {
  public static final String NAME = "benchmark";

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "Missing WHAT");
  }
}
