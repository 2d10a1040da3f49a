// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.command;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.bellows.conf.ConfigurationException;
import org.bellows.conf.Problem;
import org.bellows.conf.Settings;
import org.bellows.conf.SourceSettings;
import org.bellows.data.render.SyntheticScenes;
import org.bellows.data.render.SyntheticTree;
import org.bellows.driver.command.option.ConfigurationOptions;
import org.bellows.driver.job.CommandRun;
import org.bellows.driver.job.TrainJob;
import org.bellows.driver.progress.ProgressLine;
import org.bellows.driver.spark.DeviceUse;
import org.bellows.driver.spark.LazySpark;
import org.bellows.worker.natives.NativeLibraries;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code quickstart}: the whole way once, on pictures that it draws itself. */
@Command(
    name = "quickstart",
    mixinStandardHelpOptions = true,
    header = "Trains a small network on drawn pictures, from end to end.",
    description = {
      "Draws a small tree of JPEG pictures, prepares it, trains on two executors on this "
          + "machine, evaluates and writes a report, all below output.path (default: "
          + "./bellows-quickstart). With source.labels=multiple and "
          + "loss.function=binary-cross-entropy pictures show any number of objects."
    })
final class QuickstartCommand implements Callable<Integer> {
  private static final String PROFILE = "quickstart";
  private static final List<String> DEFAULTS = List.of("output.path=bellows-quickstart");

  @Mixin private ConfigurationOptions options;

  @Override
  public Integer call() {
    Settings base = options.settings(PROFILE, DEFAULTS, List.of());
    String folder = base.output().path();
    if (!folder.startsWith("/")) {
      throw new ConfigurationException(
          List.of(
              new Problem(
                  "output.path",
                  "is "
                      + folder
                      + ", but quickstart draws pictures on this machine; allowed: a local path")));
    }
    ProgressLine progress = new ProgressLine(base.metrics().progressSeconds());
    progress.say("quickstart: everything goes to " + folder);
    progress.say("loading: " + NativeLibraries.load());
    try (LazySpark spark =
        LazySpark.of("bellows quickstart", base, options.master(), DeviceUse.BOTH)) {
      CommandRun job = new CommandRun("quickstart");
      job.run(
          spark.hadoop(),
          folder,
          mine -> {
            job.own(mine, Map.of());
            return walk(spark, base, folder, progress);
          });
    }
    progress.say("look at " + folder + "/run/report.html");
    return 0;
  }

  private Map<String, Object> walk(
      LazySpark spark, Settings base, String folder, ProgressLine progress) {
    progress.say("1/4 render: drawing pictures into " + folder + "/raw");
    render(Path.of(folder, "raw"), base);
    progress.say("2/4 prepare: " + folder + "/raw -> " + folder + "/dataset");
    PrepareCommand.run(spark, step(folder, "output.path="), progress);
    progress.say("3/4 train -> " + folder + "/run");
    Map<String, Object> trained =
        new TrainJob(spark, step(folder, "output.path=" + folder + "/run"), progress).run();
    progress.say("4/4 evaluate on the test split -> " + folder + "/evaluation");
    Map<String, Object> evaluated =
        EvaluateCommand.run(spark, step(folder, "output.path=" + folder + "/evaluation"));
    Map<String, Object> metrics = new LinkedHashMap<>();
    metrics.put("train", trained);
    metrics.put("evaluate", evaluated);
    return metrics;
  }

  private static void render(Path raw, Settings base) {
    Settings.Quickstart quickstart = base.quickstart();
    if (base.source().labels() == SourceSettings.Labels.MULTIPLE) {
      int pictures = SyntheticTree.CLASSES * quickstart.imagesPerClass();
      SyntheticScenes.render(raw, pictures, quickstart.seed());
    } else {
      SyntheticTree.render(raw, quickstart.imagesPerClass(), quickstart.seed());
    }
  }

  /** The settings of one step: what the user set, and its place in the folder. */
  private Settings step(String folder, String output) {
    List<String> places =
        List.of(
            "source.path=" + folder + "/raw",
            "data.path=" + folder + "/dataset",
            "model.path=" + folder + "/run",
            output);
    return options.settingsWith(PROFILE, places);
  }
}
