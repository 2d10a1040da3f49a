// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.features;

import java.io.Serializable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.util.SerializableConfiguration;
import org.bellows.conf.BellowsException;
import org.bellows.conf.Settings;
import org.bellows.data.batch.InputSpec;
import org.bellows.driver.spark.SharedByTasks;
import org.bellows.worker.engine.EngineRequest;
import org.bellows.worker.features.FeatureNetwork;
import org.bellows.worker.files.Json;
import org.bellows.worker.model.ModelCard;
import org.bellows.worker.model.TrainedModel;
import org.bellows.worker.natives.NativeLibraries;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The networks of this executor, one of each model for all its tasks. */
final class ExecutorNetworks {
  private static final Logger LOG = LoggerFactory.getLogger(ExecutorNetworks.class);
  private static final SharedByTasks<FeatureNetwork> OF_THIS_PROCESS =
      new SharedByTasks<>(FeatureNetwork::close);

  /**
   * Where a task gets its network.
   *
   * @param path that all executors can read
   * @param card as the driver read it: the model at the path must not have changed since
   * @param input how images become the network's input
   * @param engine that computes it
   */
  record Model(
      SerializableConfiguration hadoop,
      String path,
      ModelCard card,
      InputSpec input,
      EngineRequest engine)
      implements Serializable {

    /** Called on the driver, before the job: problems of the model are reported then. */
    static Model read(Configuration hadoop, String path, Settings settings, EngineRequest engine) {
      TrainedModel model = TrainedModel.read(hadoop, path);
      return new Model(
          new SerializableConfiguration(hadoop),
          path,
          model.card(),
          model.inputSpec(settings.augment()),
          engine);
    }

    /** Equal for models that compute the same. */
    private String key() {
      return Json.line(card) + " " + input.augment() + " " + engine;
    }

    private FeatureNetwork open() {
      LOG.info("opening {}, {}", path, NativeLibraries.describe());
      TrainedModel model = TrainedModel.read(hadoop.value(), path);
      if (!model.card().parametersSha256().equals(card.parametersSha256())) {
        throw BellowsException.data(
            "the model at %s has changed since the job began: its parameters are %s, expected %s"
                .formatted(path, model.card().parametersSha256(), card.parametersSha256()));
      }
      return new FeatureNetwork(model, input, engine);
    }
  }

  private ExecutorNetworks() {}

  /** Opens the network if no task of this process did so before. */
  static SharedByTasks<FeatureNetwork>.Lease lease(Model model) {
    return OF_THIS_PROCESS.take(model.key(), model::open);
  }
}
