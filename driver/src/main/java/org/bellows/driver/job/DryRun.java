// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.job;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.bellows.conf.ProblemCollector;
import org.bellows.conf.Settings;
import org.bellows.conf.part.TrainingSettings;
import org.bellows.driver.plan.MemoryPlan;
import org.bellows.driver.plan.PlanPage;
import org.bellows.driver.plan.TrainingForecast;
import org.bellows.driver.run.RunFolder;
import org.bellows.driver.spark.LazySpark;
import org.bellows.worker.natives.NativeLibraries;
import org.bellows.worker.train.TrainingPlan;

/**
 * {@code train --dry-run}: everything that a run checks before it starts, and what it would be, in
 * this process alone: what {@code train} would refuse, it refuses in the same words. It writes
 * {@code plan.html} into the output folder, and only if there is no run yet; no {@code
 * result.json}, because there is no run.
 */
public final class DryRun {
  private DryRun() {}

  public static void run(Settings settings, String master) {
    NativeLibraries.load();
    try (LazySpark spark = TrainJob.spark(settings, master)) {
      ProblemCollector problems = new ProblemCollector();
      Optional<RunFolder> folder =
          settings.output().path().isBlank()
              ? Optional.empty()
              : problems.of(() -> claim(spark.hadoop(), settings));
      Optional<TrainingPlan> plan =
          settings.data().path().isBlank()
              ? Optional.empty()
              : problems.of(() -> plan(spark.hadoop(), settings));
      problems.requireNone();
      plan.ifPresent(known -> folder.filter(RunFolder::holdsRun).ifPresent(run -> own(run, known)));
      MemoryPlan memory = MemoryPlan.of(spark.hadoop(), settings, plan, spark.limits());
      tell(settings, new TrainingForecast(settings, plan, memory), folder);
      memory.requireFit();
    }
  }

  private static RunFolder claim(Configuration hadoop, Settings settings) {
    return RunFolder.claim(hadoop, settings.output().path(), TrainJob.COMMAND);
  }

  private static TrainingPlan plan(Configuration hadoop, Settings settings) {
    TrainingPlan plan =
        TrainingPlan.of(
            hadoop, TrainingSettings.of(settings), TrainJob.checkedDataset(hadoop, settings));
    plan.sampleOrder();
    return plan;
  }

  /** Compares only: there is a run. */
  private static void own(RunFolder folder, TrainingPlan plan) {
    folder.own(TrainJob.COMMAND, plan.identity());
  }

  private static void tell(
      Settings settings, TrainingForecast forecast, Optional<RunFolder> folder) {
    StringBuilder text = new StringBuilder();
    forecast.facts().forEach((label, value) -> text.append(line(label, value)));
    folder.ifPresent(there -> text.append(line("page", page(settings, there, forecast))));
    System.out.print(text);
  }

  private static String line(String label, String value) {
    return String.format(Locale.ROOT, "%-31s %s%n", label, value);
  }

  /** Writes the page where nothing can be lost; says where, or why not. */
  private static String page(Settings settings, RunFolder folder, TrainingForecast forecast) {
    if (folder.holdsRun()) {
      return "not written: " + folder.path() + " holds a run, which train would resume";
    }
    folder.write(
        RunFolder.PLAN,
        PlanPage.render(forecast, settings.effectiveJson()).getBytes(StandardCharsets.UTF_8));
    return folder.file(RunFolder.PLAN).toString();
  }
}
