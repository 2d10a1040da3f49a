// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.benchmark.step;

import java.util.List;
import java.util.Locale;
import org.bellows.conf.Settings;
import org.bellows.conf.load.SettingsLoader;
import org.bellows.models.graph.InputShape;
import org.bellows.models.network.NetworkCost;
import org.bellows.models.network.NetworkDefinition;
import org.bellows.models.zoo.NetworkRegistry;
import org.bellows.worker.network.RandomBatch;

/**
 * The training that all contenders run.
 *
 * @param samples of the batch
 * @param convolutions of Bellows
 */
record Assignment(
    NetworkDefinition network,
    InputShape input,
    int classes,
    int samples,
    Settings.Convolutions convolutions) {

  /** Noise would drive the deeper networks to infinity with more. */
  private static final double LEARNING_RATE = 1e-4;

  /** A network of its usual shape, with Bellows's usual settings. */
  static Assignment usual(String network, int samples) {
    NetworkDefinition definition = NetworkRegistry.standard().get(network);
    return new Assignment(
        definition,
        definition.usualInput(),
        definition.usualClasses(),
        samples,
        Settings.Convolutions.DIRECT);
  }

  Assignment with(Settings.Convolutions other) {
    return new Assignment(network, input, classes, samples, other);
  }

  /** Else Bellows's defaults: SGD with Nesterov's momentum and weight decay. */
  Settings settings() {
    return new SettingsLoader()
        .set(
            List.of(
                "cluster.executors=1",
                "schedule.base-lr=" + LEARNING_RATE,
                "train.convolutions=" + convolutions.name().toLowerCase(Locale.ROOT),
                "train.global-batch=" + samples,
                "train.lane-batch=" + samples))
        .load(List.of(), List.of());
  }

  /** Those of the usual shape. */
  long parameters() {
    return NetworkCost.of(network).trainableParameters();
  }

  RandomBatch batch() {
    return RandomBatch.of(network.graph(input, classes), classes, samples);
  }
}
