// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf.check;

import org.bellows.conf.ClusterSettings;
import org.bellows.conf.Settings;
import org.bellows.conf.TrainSettings;

/** All checks of settings that each are allowed and contradict one another. */
public final class SettingsValidator {
  private final Problems problems;

  public SettingsValidator(Problems problems) {
    this.problems = problems;
  }

  /** Notes all that contradicts. */
  public void check(Settings settings) {
    TrainSettings train = settings.train();
    ClusterSettings cluster = settings.cluster();
    if (train.globalBatch() % train.laneBatch() != 0) {
      problems.add(
          "train.global-batch",
          "is %d, which is not a multiple of train.lane-batch = %d; allowed: such as %s"
              .formatted(
                  train.globalBatch(),
                  train.laneBatch(),
                  multiples(train.globalBatch(), train.laneBatch())));
    } else if (train.lanes() < cluster.executors()) {
      problems.add(
          "cluster.executors",
          "is %d, but train.global-batch / train.lane-batch = %d / %d gives only %d lanes; allowed: 1 to %d"
              .formatted(
                  cluster.executors(),
                  train.globalBatch(),
                  train.laneBatch(),
                  train.lanes(),
                  train.lanes()));
    } else if (cluster.lanesAtOnce() > mostLanes(settings)) {
      problems.add(
          "cluster.lanes-at-once",
          "is %d, but the most that one of cluster.executors = %d has of the %d lanes (train.global-batch / train.lane-batch) is %d; allowed: 1 to %d"
              .formatted(
                  cluster.lanesAtOnce(),
                  cluster.executors(),
                  train.lanes(),
                  mostLanes(settings),
                  mostLanes(settings)));
    }
    if (cluster.minExecutors() > cluster.executors()) {
      problems.add(
          "cluster.min-executors",
          "is %d, more than cluster.executors = %d; allowed: 1 to %d"
              .formatted(cluster.minExecutors(), cluster.executors(), cluster.executors()));
    }
    if (settings.data().cachePath().contains(":/")) {
      problems.add(
          "data.cache-path", "is " + settings.data().cachePath() + ", allowed: a local folder");
    }
    if (settings.head().regularisation().isEmpty()) {
      problems.add("head.regularisation", "is empty, allowed: at least one number");
    }
    if (settings.evaluate().scales().isEmpty()) {
      problems.add("evaluate.scales", "is empty, allowed: at least one number");
    }
    new WatchValidator(problems).check(settings.watch());
    new TrainingValidator(problems).check(settings);
    new AugmentValidator(problems).check(settings);
    new SourceValidator(problems).check(settings.source());
  }

  /** Of an executor. */
  private static int mostLanes(Settings settings) {
    int executors = settings.cluster().executors();
    return (settings.train().lanes() + executors - 1) / executors;
  }

  /** The nearest below and above. */
  private static String multiples(int number, int of) {
    int below = number / of * of;
    return below == 0 ? Integer.toString(of) : "%d or %d".formatted(below, below + of);
  }
}
