// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.forecast;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bellows.conf.part.TrainingSettings;
import org.bellows.models.graph.NetworkGraph;
import org.bellows.worker.engine.StepEngineProvider;
import org.bellows.worker.engine.StepVector;

/**
 * What a rank takes of the memory of its executor's GPU, in bytes.
 *
 * @param engine that computes on GPUs
 * @param lanesInWork that an executor computes at once
 */
record DeviceForecast(
    TrainingSettings settings, NetworkGraph network, StepEngineProvider engine, int lanesInWork) {
  private static final String LIBRARIES = "CUDA and libraries";

  /**
   * Evaluations take what steps have given back, and the other way round.
   *
   * @param gradients of lanes and their sums: as many as they would be in Java's memory
   * @param shown network at the size of the pictures that are evaluated, one a pass; empty: at its
   *     own, in batches
   * @param evaluated pictures of an evaluation's pass; 0: none
   * @param atOnce passes of an evaluation
   */
  Map<String, Long> parts(long gradients, Optional<NetworkGraph> shown, int evaluated, int atOnce) {
    int batch = settings.train().laneBatch();
    long step = lanesInWork * engine.deviceBytes(network, batch, true);
    long evaluation =
        evaluated == 0
            ? 0
            : atOnce
                * shown
                    .map(sized -> engine.deviceBytes(sized, 1, false))
                    .orElseGet(() -> engine.deviceBytes(network, evaluated, false));
    Map<String, Long> parts = new LinkedHashMap<>();
    parts.put("parameters", vector() * (settings.sync().mode().averages() ? lanesInWork : 1));
    parts.put("gradients", gradients);
    parts.put("training step", step);
    parts.put("pictures", Float.BYTES * (long) lanesInWork * batch * elements());
    parts.put("evaluation beyond it", Math.max(0, evaluation - step));
    parts.put(LIBRARIES, engine.deviceLibraryBytes());
    return parts;
  }

  /**
   * Of networks that are not trained, of which one computes after the other.
   *
   * @param networks all of them, at the size of the pictures
   * @param pictures of a pass
   * @param atOnce passes
   */
  static Map<String, Long> ofInference(
      StepEngineProvider engine, List<NetworkGraph> networks, int pictures, int atOnce) {
    long pass =
        networks.stream()
            .mapToLong(network -> engine.deviceBytes(network, pictures, false))
            .max()
            .orElse(0);
    Map<String, Long> parts = new LinkedHashMap<>();
    parts.put(
        "models",
        networks.stream().mapToLong(network -> StepVector.bytes(network.parameters())).sum());
    parts.put("evaluation", atOnce * pass);
    parts.put(LIBRARIES, engine.deviceLibraryBytes());
    return parts;
  }

  /** Of a network that answers each lane's batch. */
  long teacher() {
    return vector()
        + lanesInWork * engine.deviceBytes(network, settings.train().laneBatch(), false);
  }

  private long elements() {
    return network.inputShape().elements();
  }

  private long vector() {
    return StepVector.bytes(network.parameters());
  }
}
