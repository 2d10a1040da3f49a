// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.command.benchmark;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.bellows.conf.BellowsException;
import org.bellows.conf.text.Words;
import org.bellows.data.storage.Storage;
import org.bellows.driver.benchmark.cost.CostModel;
import org.bellows.driver.benchmark.cost.CostModel.Measured;
import org.bellows.driver.benchmark.cost.CostModel.Network;
import org.bellows.driver.benchmark.cost.LaneTimes;
import org.bellows.driver.benchmark.cost.MeasuredExchanges;
import org.bellows.driver.benchmark.cost.MeasuredScaling;
import org.bellows.driver.benchmark.cost.ScalingForecast;
import org.bellows.driver.chart.HtmlPage;
import org.bellows.driver.command.option.NetworkOptions;
import org.bellows.models.network.NetworkCost;
import org.bellows.worker.files.Json;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code benchmark cost-model}: from measured exchanges to clusters that are not here. */
@Command(
    name = "cost-model",
    mixinStandardHelpOptions = true,
    header = "Forecasts training on up to 1024 executors.",
    description = {
      "Fits a cost model to the files that \"benchmark collective --json\" wrote, and computes "
          + "what 2 to 1024 executors would take, each with a processor and a network connection of "
          + "its own. Measures nothing."
    })
final class BenchmarkCostModelCommand implements Callable<Integer> {
  @Parameters(arity = "1..*", paramLabel = "FILE", description = "Measured exchanges.")
  private List<Path> files;

  @Option(
      names = "--net",
      paramLabel = "NAME",
      defaultValue = "resnet50",
      description = "Whose parameters are exchanged (default: ${DEFAULT-VALUE}).")
  private String network;

  @Option(
      names = "--wire-bytes",
      paramLabel = "BYTES",
      defaultValue = "4",
      description =
          "Bytes of a parameter: 4, or 2 with sync.communication-dtype=float16 (default: ${DEFAULT-VALUE}).")
  private int wireBytes;

  @Option(
      names = "--gigabits",
      paramLabel = "GBIT",
      defaultValue = "10",
      description = "Gigabits a second of an executor's connection (default: ${DEFAULT-VALUE}).")
  private double gigabits;

  @Option(
      names = "--latency-microseconds",
      paramLabel = "US",
      defaultValue = "50",
      description = "One way through the network (default: ${DEFAULT-VALUE}).")
  private double latency;

  @ArgGroup(multiplicity = "1")
  private Lane lane;

  /** The time of computing: measured or assumed. */
  static final class Lane {
    @Option(
        names = "--scaling",
        paramLabel = "FILE",
        description =
            "What \"benchmark scaling\" wrote: seconds and spread of computing one lane batch, as"
                + " measured.")
    private Path measured;

    @ArgGroup(exclusive = false)
    private Assumed assumed;
  }

  /** Seconds to compute one lane batch. */
  static final class Assumed {
    @Option(
        names = "--lane-seconds",
        paramLabel = "SECONDS",
        required = true,
        description = "What computing one lane batch takes.")
    private double seconds;

    @Option(
        names = "--spread",
        paramLabel = "SHARE",
        defaultValue = "0.02",
        description =
            "Their standard deviation as a share of their mean (default: ${DEFAULT-VALUE}).")
    private double spread;
  }

  @Option(names = "--svg", paramLabel = "FILE", description = "Where the curves are drawn.")
  private Path svg;

  @CommandLine.Spec private CommandLine.Model.CommandSpec spec;

  @Override
  public Integer call() {
    check();
    List<Measured> measured = new ArrayList<>();
    int processors = 0;
    for (Path file : files) {
      MeasuredExchanges exchanges = read(file, MeasuredExchanges.class);
      measured.addAll(exchanges.measured());
      processors = exchanges.processors();
    }
    CostModel model = fit(measured, processors);
    LaneTimes computing =
        lane.measured == null
            ? new LaneTimes(lane.assumed.seconds, lane.assumed.spread)
            : read(lane.measured, MeasuredScaling.class).medians().machine();
    print(model, measured, processors);
    double bytes =
        (double) wireBytes * NetworkCost.of(NetworkOptions.network(network)).trainableParameters();
    ScalingForecast forecast =
        new ScalingForecast(
            model, new Network(latency * 1e-6, gigabits * 1e9 / 8), bytes, computing);
    System.out.printf(
        Locale.ROOT,
        "%n%s, %.1f MB, %s Gbit/s, a lane batch in %.4f s with a spread of %.1f %%:%n%n%s",
        network,
        bytes / 1e6,
        gigabits,
        computing.laneSeconds(),
        100 * computing.spread(),
        forecast.table());
    if (svg != null) {
      draw(forecast);
    }
    return 0;
  }

  private void check() {
    List<String> wrong = new ArrayList<>();
    if (wireBytes != 4 && wireBytes != 2) {
      wrong.add("--wire-bytes must be 4 or 2, actual " + wireBytes);
    }
    if (!(gigabits > 0)) {
      wrong.add("--gigabits must be above 0, actual " + gigabits);
    }
    if (!(latency >= 0)) {
      wrong.add("--latency-microseconds must be at least 0, actual " + latency);
    }
    if (lane.assumed != null && !(lane.assumed.seconds > 0)) {
      wrong.add("--lane-seconds must be above 0, actual " + lane.assumed.seconds);
    }
    if (lane.assumed != null && !(lane.assumed.spread >= 0)) {
      wrong.add("--spread must be at least 0, actual " + lane.assumed.spread);
    }
    if (!wrong.isEmpty()) {
      throw new CommandLine.ParameterException(spec.commandLine(), String.join("; ", wrong));
    }
  }

  private static <T> T read(Path file, Class<T> type) {
    try {
      return Json.read(Files.readAllBytes(file), type, file);
    } catch (IOException e) {
      throw BellowsException.data("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  private CostModel fit(List<Measured> measured, int processors) {
    try {
      return CostModel.fit(measured, processors);
    } catch (IllegalArgumentException e) {
      throw BellowsException.data(
          "%s: expected exchanges of two sizes or two numbers of ranks, actual %d measured"
              .formatted(Words.and(files), measured.size()),
          e);
    }
  }

  private static void print(CostModel model, List<Measured> measured, int processors) {
    System.out.printf(
        Locale.ROOT,
        "fitted to %d exchanges on %d processors: %.1f microseconds a message, %.3f ns a byte%n%n"
            + "| ranks | MB | measured, s | model, s |%n|---|---|---|---|%n",
        measured.size(),
        processors,
        1e6 * model.messageSeconds(),
        1e9 * model.byteSeconds());
    for (Measured one : measured) {
      System.out.printf(
          Locale.ROOT,
          "| %d | %.1f | %.4f | %.4f |%n",
          one.ranks(),
          one.bytes() / 1e6,
          one.seconds(),
          model.seconds(one, processors));
    }
  }

  private void draw(ScalingForecast forecast) {
    String title = "Seconds of an exchange over executors, " + network;
    try {
      Files.writeString(
          svg, HtmlPage.picture(forecast.chart("scaling", title).render()), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw Storage.writeFailure(svg, e);
    }
  }
}
