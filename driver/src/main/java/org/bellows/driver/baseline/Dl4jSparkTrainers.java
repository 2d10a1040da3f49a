// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.baseline;

import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import org.bellows.conf.Problem;
import org.bellows.conf.Settings;

/** Where upstream's trainer is looked for. */
public final class Dl4jSparkTrainers {
  private Dl4jSparkTrainers() {}

  /**
   * Whether the trainer of {@code sync.mode} is available, in the words of a configuration problem.
   */
  public static List<Problem> check(Settings settings) {
    return !settings.sync().mode().runsOnRanks() && find().isEmpty()
        ? List.of(
            new Problem(
                "sync.mode",
                "is dl4j-spark, but dl4j-spark is not shipped; run `deploy/bin/bellows train --set"
                    + " sync.mode=dl4j-spark ...` in a source tree, or choose every-step or"
                    + " averaging"))
        : List.of();
  }

  static Optional<Dl4jSparkTrainer> find() {
    return ServiceLoader.load(Dl4jSparkTrainer.class).findFirst();
  }
}
