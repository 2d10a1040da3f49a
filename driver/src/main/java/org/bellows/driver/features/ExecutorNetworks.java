// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.features;

import java.io.Serializable;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.util.SerializableConfiguration;
import org.bellows.conf.BellowsException;
import org.bellows.conf.Settings;
import org.bellows.data.batch.InputSpec;
import org.bellows.worker.features.FeatureNetwork;
import org.bellows.worker.files.Json;
import org.bellows.worker.model.ModelCard;
import org.bellows.worker.model.TrainedModel;
import org.bellows.worker.natives.NativeLibraries;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The networks of this executor, one of each model for all its tasks. Spark gives a task no place
 * to leave something for the next one, so they hang on a static, of which there is this one.
 */
final class ExecutorNetworks {
  private static final Logger LOG = LoggerFactory.getLogger(ExecutorNetworks.class);
  private static final ExecutorNetworks OF_THIS_PROCESS = new ExecutorNetworks();

  /** Networks that stay although no task uses them: a pipeline may have two models. */
  private static final int MOST_IDLE = 2;

  private final Map<String, Shared> open = new HashMap<>();
  private final Deque<String> idle = new ArrayDeque<>();

  /**
   * Where a task gets its network.
   *
   * @param path that all executors can read
   * @param card as the driver read it: the model at the path must not have changed since
   * @param input how images become the network's input
   */
  record Model(SerializableConfiguration hadoop, String path, ModelCard card, InputSpec input)
      implements Serializable {

    /** Called on the driver, before the job: problems of the model are reported then. */
    static Model read(Configuration hadoop, String path, Settings settings) {
      TrainedModel model = TrainedModel.read(hadoop, path);
      return new Model(
          new SerializableConfiguration(hadoop),
          path,
          model.card(),
          model.inputSpec(settings.augment()));
    }

    /** Equal for models that compute the same. */
    private String key() {
      return Json.line(card) + " " + input.augment();
    }

    private FeatureNetwork open() {
      LOG.info("opening {}, {}", path, NativeLibraries.load());
      TrainedModel model = TrainedModel.read(hadoop.value(), path);
      if (!model.card().parametersSha256().equals(card.parametersSha256())) {
        throw BellowsException.data(
            "the model at %s has changed since the job began: its parameters are %s, expected %s"
                .formatted(path, model.card().parametersSha256(), card.parametersSha256()));
      }
      return new FeatureNetwork(model, input);
    }
  }

  private static final class Shared {
    private final FeatureNetwork network;
    private int users;

    Shared(FeatureNetwork network) {
      this.network = network;
    }
  }

  /** One task's use of a network. To be closed when the task ends. */
  static final class Lease implements AutoCloseable {
    private final String key;
    private final Shared shared;

    private Lease(String key, Shared shared) {
      this.key = key;
      this.shared = shared;
    }

    FeatureNetwork network() {
      return shared.network;
    }

    @Override
    public void close() {
      OF_THIS_PROCESS.release(key, shared);
    }
  }

  private ExecutorNetworks() {}

  /** Opens the network if no task of this process did so before. */
  static Lease lease(Model model) {
    return OF_THIS_PROCESS.take(model);
  }

  /** Others wait: they would otherwise open it as well. */
  private synchronized Lease take(Model model) {
    String key = model.key();
    Shared shared = open.get(key);
    if (shared == null) {
      shared = new Shared(model.open());
      open.put(key, shared);
    }
    shared.users++;
    idle.remove(key);
    return new Lease(key, shared);
  }

  private synchronized void release(String key, Shared shared) {
    shared.users--;
    if (shared.users > 0) {
      return;
    }
    idle.addLast(key);
    while (idle.size() > MOST_IDLE) {
      open.remove(idle.removeFirst()).network.close();
    }
  }
}
