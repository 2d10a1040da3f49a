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
import org.bellows.worker.model.TrainedEnsemble;
import org.bellows.worker.natives.NativeLibraries;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

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
      "Without IMAGE such a network predicts, as a Spark job, evaluate.split of data.path (a "
          + "prepared dataset), or source.path (anything that prepare reads, or a folder of "
          + "pictures).",
      "Needs model.path (a training run or its model folder); with evaluate.ensemble the "
          + "answers of several models are averaged."
    })
public final class PredictCommand implements Callable<Integer> {
  static final String NAME = "predict";

  @Mixin private ConfigurationOptions options;

  @Parameters(
      arity = "0..*",
      paramLabel = "IMAGE",
      description =
          "Image files, folders of them (not of folders), globs such as 'a/*.jpg'; Hadoop"
              + " paths.")
  private List<String> images = new ArrayList<>();

  @Override
  public Integer call() {
    if (images.isEmpty()) {
      JobPredictions.run(options);
      return 0;
    }
    Settings settings = options.settings(List.of("model.path"));
    Configuration hadoop = new Configuration();
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
        ? new PixelPredictions(hadoop, settings, trained).of(images)
        : new ClassPredictions(hadoop, settings, trained).of(images);
  }
}
