// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.command.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.bellows.conf.Settings;
import org.bellows.conf.study.Study;
import org.bellows.conf.study.StudyFile;
import org.bellows.driver.command.option.ConfigurationOptions;
import org.bellows.driver.job.CommandRun;
import org.bellows.driver.job.StudyJob;
import org.bellows.driver.job.StudyRuns;
import org.bellows.driver.progress.ProgressLine;
import org.bellows.driver.spark.DeviceUse;
import org.bellows.driver.spark.LazySpark;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code benchmark recipe}: trainings that differ in one thing each, with several seeds. */
@Command(
    name = "recipe",
    mixinStandardHelpOptions = true,
    header = "Trains the arms of a study and compares them.",
    description = {
      "Every arm with every seed; mean and deviation as a table and curves in study.html. With "
          + "the same output.path it resumes.",
      "Needs data.path and output.path. --set comes on top of the study's own settings, below "
          + "its arms'."
    })
final class BenchmarkRecipeCommand implements Callable<Integer> {
  @Mixin private ConfigurationOptions options;

  @Parameters(
      paramLabel = "STUDY",
      description = "A shipped study (${COMPLETION-CANDIDATES}) or a .conf file.",
      completionCandidates = Studies.class)
  private String name;

  @Option(
      names = "--seeds",
      split = ",",
      paramLabel = "SEED",
      description = "Seeds in place of the study's, separated by commas.")
  private List<Long> seeds = new ArrayList<>();

  static final class Studies extends ArrayList<String> {
    private static final long serialVersionUID = 1L;

    Studies() {
      super(StudyFile.shipped());
    }
  }

  @Override
  public Integer call() {
    Study shipped = StudyFile.read(name);
    Study study = seeds.isEmpty() ? shipped : shipped.withSeeds(seeds);
    Settings settings = load(study, List.of());
    String output = settings.output().path();
    StudyRuns runs = new StudyRuns(study, output, set -> load(study, set));
    ProgressLine progress = new ProgressLine(settings.metrics().progressSeconds());
    try (LazySpark spark =
        LazySpark.of(
            "bellows study " + study.name(), settings, options.master(), DeviceUse.TRAINING)) {
      CommandRun job = new CommandRun("benchmark");
      job.run(
          spark.hadoop(),
          output,
          folder -> {
            job.own(folder, Map.of("study", study.name()));
            return new StudyJob(spark, study, runs, progress).run(folder);
          });
    }
    return 0;
  }

  private Settings load(Study study, List<String> last) {
    return options.settingsBetween(
        study.profile(), study.set(), last, List.of("data.path", "output.path"));
  }
}
