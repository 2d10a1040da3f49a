// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.bellows.conf.Settings;
import org.bellows.driver.progress.ProgressLine;
import org.bellows.driver.run.MetricsLog;
import org.bellows.driver.run.RunFolder;
import org.bellows.driver.spark.BellowsPlugin;
import org.bellows.driver.watch.LiveRun;
import org.bellows.driver.watch.LiveTab;
import org.bellows.driver.watch.RunFacts;
import org.bellows.driver.watch.RunListener;
import org.bellows.driver.watch.RunListeners;
import org.bellows.driver.watch.TrainingProgress;
import org.bellows.driver.watch.mlflow.MlflowTracking;
import org.bellows.driver.watch.tensorboard.TensorBoardLog;
import org.bellows.worker.train.TrainingPlan;

/** All that watches one training while it runs. */
final class TrainingMonitor implements AutoCloseable {
  private final RunListener listener;
  private final Optional<LiveTab> tab;
  private final Optional<MlflowTracking> tracking;
  private boolean ended;

  private TrainingMonitor(
      RunListener listener, Optional<LiveTab> tab, Optional<MlflowTracking> tracking) {
    this.listener = listener;
    this.tab = tab;
    this.tracking = tracking;
  }

  static TrainingMonitor open(
      JavaSparkContext spark,
      Settings settings,
      TrainingPlan plan,
      RunFolder folder,
      ProgressLine progress) {
    Optional<MlflowTracking> tracking = MlflowTracking.open(settings, folder);
    LiveRun live =
        new LiveRun(RunFacts.of(plan, settings.cluster().maxFailures()), new MetricsLog(folder));
    Optional<LiveTab> tab = LiveTab.open(spark, live);
    tab.ifPresent(page -> progress.say("live page: " + page.address()));
    BellowsPlugin.show(live);
    List<RunListener> all = new ArrayList<>();
    all.add(
        new TrainingProgress(progress, settings.train(), plan.classes().size(), plan.totalSteps()));
    all.add(live);
    if (settings.watch().tensorboard()) {
      all.add(new TensorBoardLog(folder));
    }
    tracking.ifPresent(all::add);
    return new TrainingMonitor(new RunListeners(all), tab, tracking);
  }

  /** Is called at each event of the run. */
  RunListener listener() {
    return listener;
  }

  /**
   * The run has succeeded.
   *
   * @return the report's notes on watching
   */
  List<String> end() {
    ended = true;
    return tracking.flatMap(server -> server.end(true)).stream().toList();
  }

  /** Without {@link #end} before, the run has failed. */
  @Override
  public void close() {
    BellowsPlugin.showNothing();
    tab.ifPresent(LiveTab::close);
    if (!ended) {
      tracking.ifPresent(server -> server.end(false));
    }
  }
}
