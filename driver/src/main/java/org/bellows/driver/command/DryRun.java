package org.bellows.driver.command;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.bellows.conf.Settings;
import org.bellows.driver.plan.MemoryPlan;
import org.bellows.driver.plan.PlanPage;
import org.bellows.driver.plan.TrainingForecast;
import org.bellows.driver.run.RunFolder;
import org.bellows.driver.spark.ExecutorLimits;
import org.bellows.worker.natives.NativeLibraries;
import org.bellows.worker.train.TrainingPlan;

/**
 * {@code train --dry-run}: everything that a run checks before it starts, and what it would be, in
 * this process alone. Of the output folder it writes {@code plan.html}, and only where there is no
 * run yet; no {@code result.json}, as there is none.
 */
final class DryRun {
  private DryRun() {}

  static void run(Settings settings, String master) {
    NativeLibraries.load();
    Configuration hadoop = new Configuration();
    Optional<TrainingPlan> plan =
        settings.data().path().isBlank()
            ? Optional.empty()
            : Optional.of(
                TrainingPlan.of(hadoop, settings, Training.checkedDataset(hadoop, settings)));
    MemoryPlan memory = MemoryPlan.of(hadoop, settings, plan, limits(settings, master));
    TrainingForecast forecast = new TrainingForecast(settings, plan, memory);
    StringBuilder text = new StringBuilder();
    forecast
        .facts()
        .forEach(
            (label, value) -> text.append(String.format(Locale.ROOT, "%-31s %s%n", label, value)));
    if (!settings.output().path().isBlank()) {
      text.append(
          String.format(Locale.ROOT, "%-31s %s%n", "page", page(hadoop, settings, plan, forecast)));
    }
    System.out.print(text);
    memory.requireFit();
  }

  private static ExecutorLimits limits(Settings settings, String master) {
    SparkConf conf = new SparkConf();
    if (master != null) {
      conf.setMaster(master);
    }
    return ExecutorLimits.of(conf, settings.cluster());
  }

  /** Writes the page where nothing can be lost; says where, or why not. */
  private static String page(
      Configuration hadoop,
      Settings settings,
      Optional<TrainingPlan> plan,
      TrainingForecast forecast) {
    RunFolder folder = RunFolder.claim(hadoop, settings.output().path(), Training.COMMAND);
    if (folder.holdsRun()) {
      plan.ifPresent(known -> folder.own(Training.COMMAND, known.identity()));
      return "not written: " + folder.path() + " holds a run, which train would go on with";
    }
    folder.write(
        RunFolder.PLAN,
        PlanPage.render(forecast, settings.effectiveJson()).getBytes(StandardCharsets.UTF_8));
    return folder.file(RunFolder.PLAN).toString();
  }
}
