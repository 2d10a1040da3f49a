// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.command;

import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.util.List;
import java.util.ServiceLoader;
import org.apache.spark.SparkUserAppException;
import org.bellows.driver.benchmark.BenchmarkSubcommand;
import org.bellows.driver.command.benchmark.BenchmarkCommand;
import org.bellows.driver.command.data.DataCommand;
import org.bellows.driver.command.help.CommandGroup;
import org.bellows.driver.command.help.HelpPage;
import org.bellows.driver.command.models.ModelsCommand;
import org.bellows.driver.command.predict.PredictCommand;
import org.bellows.driver.job.BuildVersion;
import org.bellows.driver.line.SparkLine;
import org.bellows.driver.progress.PrintableStream;
import org.bellows.driver.spark.LazySpark;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The main class, from the launcher and under spark-submit alike. */
@Command(
    name = "bellows",
    header = "Distributed training of image networks on Apache Spark.",
    description = {
      "Each command describes itself: bellows COMMAND --help. A first look: bellows "
          + "quickstart."
    },
    mixinStandardHelpOptions = true,
    versionProvider = BuildVersion.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      QuickstartCommand.class,
      SettingsCommand.class,
      CommandLine.HelpCommand.class,
      PrepareCommand.class,
      DataCommand.class,
      TrainCommand.class,
      EvaluateCommand.class,
      ReportCommand.class,
      PredictCommand.class,
      ExtractFeaturesCommand.class,
      TrainHeadCommand.class,
      RetrainCommand.class,
      ModelsCommand.class,
      BenchmarkCommand.class,
      DeviceCheckCommand.class
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:anything that is not listed here",
      "2:bad usage or configuration",
      "3:bad input data",
      "4:infrastructure lost: executors, disks, network"
    })
public final class Bellows implements Runnable {
  private static final List<CommandGroup> GROUPS =
      List.of(
          new CommandGroup("First steps", List.of("quickstart", "settings", "help")),
          new CommandGroup("Data", List.of("prepare", "data")),
          new CommandGroup("Training", List.of("train", "evaluate", "report")),
          new CommandGroup("Using a model", List.of("predict", "extract-features", "train-head")),
          new CommandGroup("Models over time", List.of("retrain", "models")),
          new CommandGroup("Measuring", List.of("benchmark", "device-check")));

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  /**
   * @throws SparkUserAppException inside YARN's application master, which takes an exit code in no
   *     other way
   */
  public static void main(String[] args) throws SparkUserAppException {
    PrintableStream.install();
    int exitCode = run(args);
    // Spark leaves a timer of its barrier coordinator running that would keep this process alive
    // for ever; but on YARN in cluster mode the application master wants main to return.
    if (!LazySpark.runsInsideApplicationMaster()) {
      System.exit(exitCode);
    }
    if (exitCode != 0) {
      throw SparkLine.current().exit(exitCode);
    }
  }

  public static int run(String... args) {
    try {
      return commands().execute(args);
    } catch (Error e) {
      // picocli hands exceptions to the handler, and lets these pass.
      return FailureReport.tell(e, new PrintWriter(System.err, true, Charset.defaultCharset()));
    }
  }

  /** The commands as the launcher has them. */
  static CommandLine commands() {
    CommandLine bellows = new CommandLine(new Bellows());
    CommandLine benchmark = bellows.getSubcommands().get(BenchmarkCommand.NAME);
    ServiceLoader.load(BenchmarkSubcommand.class).forEach(benchmark::addSubcommand);
    HelpPage.install(bellows, GROUPS);
    return bellows
        .setCaseInsensitiveEnumValuesAllowed(true)
        // Its colours would be written out as everybody else's control sequences are.
        .setColorScheme(CommandLine.Help.defaultColorScheme(CommandLine.Help.Ansi.OFF))
        .setParameterExceptionHandler(new UsageErrors())
        .setExecutionExceptionHandler(
            (failure, command, ignored) -> FailureReport.tell(failure, command.getErr()));
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "Missing COMMAND");
  }
}
