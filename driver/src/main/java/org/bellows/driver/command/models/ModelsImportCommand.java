// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.command.models;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.BellowsException;
import org.bellows.conf.Settings;
import org.bellows.driver.command.option.ConfigurationOptions;
import org.bellows.driver.command.option.NetworkOptions;
import org.bellows.driver.job.BuildVersion;
import org.bellows.driver.job.CommandRun;
import org.bellows.driver.model.ImportedModel;
import org.bellows.driver.run.RunFolder;
import org.bellows.driver.spark.SiteConfiguration;
import org.bellows.models.graph.InputShape;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.worker.files.Json;
import org.bellows.worker.model.TrainedModel;
import org.bellows.worker.model.pretrained.ImportReport;
import org.bellows.worker.model.pretrained.WeightFiles;
import org.bellows.worker.model.pretrained.WeightImport;
import org.bellows.worker.model.tensor.TensorFile;
import org.bellows.worker.natives.NativeLibraries;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code models import}: weights from elsewhere become a model. */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    header = "Makes a model of published weights.",
    description = {
      "Reads a PyTorch state dict (.pth, .pt, .th) or safetensors. Nothing in the file is "
          + "executed. Fails unless each array finds its place."
    })
final class ModelsImportCommand implements Callable<Integer> {
  private static final String NAME = "models import";
  private static final String REPORT = "import.json";

  @Mixin private ConfigurationOptions options;
  @Mixin private NetworkOptions networkOptions;

  @Option(
      names = "--from",
      required = true,
      paramLabel = "FILE",
      description = "The weights. A Hadoop path.")
  private String from;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "NAME",
      description = "A name that \"bellows models\" lists.")
  private String model;

  @Option(
      names = "--output",
      required = true,
      paramLabel = "DIR",
      description = "A new folder: what model.path is given later.")
  private String output;

  @Option(
      names = "--class-names",
      paramLabel = "FILE",
      description = "A text file with a line for each class, in order. Default: 0, 1, 2 and so on.")
  private String classNames;

  @Option(
      names = "--new-head",
      description = "Leaves the file's classifier out, for other classes; train.seed starts ours.")
  private boolean newHead;

  @Override
  public Integer call() {
    Settings settings = options.settings(List.of());
    Configuration hadoop = SiteConfiguration.read();
    NetworkDefinition network = NetworkOptions.network(model);
    InputShape input = networkOptions.input(network);
    List<String> names =
        ImportedModel.classNames(hadoop, classNames, networkOptions.classesOrNull());
    int classes = names.isEmpty() ? networkOptions.classes(network) : names.size();
    if (classes < 2) {
      throw BellowsException.data(
          "%s names 1 class, which leaves nothing to tell apart; a network needs at least 2"
              .formatted(classNames));
    }
    WeightImport.Target target =
        new WeightImport.Target(network, input, classes, newHead, settings.train().seed());
    CommandRun job = new CommandRun(NAME);
    job.run(
        hadoop,
        output,
        folder -> {
          job.own(folder, Map.of());
          return run(hadoop, target, names, folder);
        });
    return 0;
  }

  private Map<String, Object> run(
      Configuration hadoop, WeightImport.Target target, List<String> names, RunFolder folder) {
    NativeLibraries.load();
    TensorFile file = WeightFiles.read(hadoop, from);
    WeightImport.Outcome outcome = WeightImport.run(file, from, target);
    ImportReport report = outcome.report();
    folder.write(REPORT, Json.pretty(report));
    System.out.print(report.table());
    if (!report.isComplete()) {
      throw BellowsException.data(report.summary());
    }
    TrainedModel imported = ImportedModel.of(file, target, outcome, names, BuildVersion.text());
    imported.write(hadoop, folder.path().toString());
    System.out.println(report.summary());
    Map<String, Object> metrics = new LinkedHashMap<>();
    metrics.put("source", report.source());
    metrics.put("matched", report.matched().size());
    metrics.put("initial", report.initial().size());
    metrics.put("left-out", report.leftOut().size());
    metrics.put("parameters-sha256", imported.card().parametersSha256());
    return metrics;
  }
}
