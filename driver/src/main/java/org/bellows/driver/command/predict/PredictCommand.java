// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.command.predict;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.Settings;
import org.bellows.driver.command.option.ConfigurationOptions;
import org.bellows.driver.job.CommandRun;
import org.bellows.driver.run.RunFolder;
import org.bellows.driver.spark.SiteConfiguration;
import org.bellows.worker.model.TrainedEnsemble;
import org.bellows.worker.natives.NativeLibraries;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code predict}: the likeliest classes of pictures, or the class of each of their pixels. */
@Command(
    name = PredictCommand.NAME,
    mixinStandardHelpOptions = true,
    header = "Predicts the classes of pictures, or of their pixels.",
    description = {
      "Prints predict.top classes of each picture. A picture that is refused does not end the "
          + "command: it names the refused ones at the end, and exits with 3.",
      "Of a network for pixels these are the classes of the largest shares, and the label maps "
          + "are written to output.path: predict.labels, predict.overlays, predict.probabilities.",
      "Without IMAGE it is a Spark job on evaluate.split of data.path (a prepared dataset), or on "
          + "source.path (anything that prepare reads, with or without labels, or a folder or "
          + "glob of pictures). Classes of pictures are written to output.path/predictions: "
          + "predict.format.",
      "Needs model.path (a training run or its model folder); with evaluate.ensemble the "
          + "answers of several models are averaged."
    })
public final class PredictCommand implements Callable<Integer> {
  static final String NAME = "predict";

  @Mixin private ConfigurationOptions options;

  @Option(
      names = "--json",
      description = "Prints a JSON object a line for each named picture, instead of text.")
  private boolean asJson;

  @Spec private CommandSpec specification;

  @Parameters(
      arity = "0..*",
      paramLabel = "IMAGE",
      description =
          "Image files, folders of them (not of folders), globs such as 'a/*.jpg'; Hadoop"
              + " paths.")
  private List<String> images = new ArrayList<>();

  @Override
  public Integer call() {
    if (images.isEmpty() && asJson) {
      throw new ParameterException(
          specification.commandLine(),
          "--json prints what is said of named images, and no IMAGE is named");
    }
    if (images.isEmpty()) {
      JobPredictions.run(options);
      return 0;
    }
    Settings settings = options.settings(List.of("model.path"));
    Configuration hadoop = SiteConfiguration.read();
    if (settings.output().path().isBlank()) {
      predict(hadoop, settings);
    } else {
      CommandRun job = new CommandRun(NAME);
      job.run(hadoop, settings.output().path(), folder -> predict(hadoop, settings, job, folder));
    }
    return 0;
  }

  private Map<String, Object> predict(
      Configuration hadoop, Settings settings, CommandRun job, RunFolder folder) {
    job.own(folder, Map.of());
    return predict(hadoop, settings);
  }

  private Map<String, Object> predict(Configuration hadoop, Settings settings) {
    NativeLibraries.load();
    TrainedEnsemble trained = TrainedEnsemble.read(hadoop, settings.modelPaths());
    return trained.isOfPixels()
        ? new PixelPredictions(hadoop, settings, trained, asJson).of(images)
        : new ClassPredictions(hadoop, settings, trained, asJson).of(images);
  }
}
