// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.retrain;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.bellows.data.storage.lease.Fence;
import org.bellows.driver.registry.ModelRegistry;
import org.bellows.driver.registry.RegisteredModel;
import org.bellows.worker.evaluate.metric.Metrics;
import org.junit.jupiter.api.io.TempDir;

/** Starts of {@code retrain} without Spark, in registries that are thrown away. */
abstract class RetrainingFixture {
  @TempDir Path folder;

  final Configuration hadoop = CrashingFileSystem.configuration();
  final Fence none = Fence.none(hadoop);
  final List<String> said = new ArrayList<>();

  final RegisteredModel model(String name) {
    return new ModelRegistry(hadoop, "mortal://" + name + folder).model(name);
  }

  final DecisionHistory history(RegisteredModel model) {
    return new DecisionHistory(hadoop, model.history());
  }

  final RetrainResult start(RegisteredModel model, RetrainSteps work, Fence fence) {
    return start(model, work, fence, "90");
  }

  final RetrainResult start(RegisteredModel model, RetrainSteps work, Fence fence, String epochs) {
    return start(model, work, fence, epochs, "lenet5");
  }

  final RetrainResult start(
      RegisteredModel model, RetrainSteps work, Fence fence, String epochs, String network) {
    RetrainSetup setup =
        new RetrainSetup(
            "data",
            network,
            true,
            new PromotionRule(Metrics.TOP1, 0.01),
            Map.of("train.epochs", epochs),
            "development");
    return new Retraining(model, history(model), setup, work, fence, said::add).run();
  }

  final RetrainResult night(RegisteredModel model, int samples) {
    return start(model, new TinyWork(hadoop, samples), none);
  }
}
