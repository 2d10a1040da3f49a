// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.driver.spark;

import java.util.Optional;
import java.util.stream.Stream;
import org.bellows.conf.Device;
import org.bellows.conf.Settings;

/** What executors compute for a command, and so which settings say whether they need GPUs. */
public enum DeviceUse {
  /** No network. */
  NONE(false, false),
  TRAINING(true, false),
  /** Evaluation, prediction, features. */
  INFERENCE(false, true),
  BOTH(true, true);

  private final boolean isTraining;
  private final boolean isInference;

  DeviceUse(boolean isTraining, boolean isInference) {
    this.isTraining = isTraining;
    this.isInference = isInference;
  }

  /** The setting that asks for GPUs; empty: none does. */
  Optional<String> keyOfGpus(Settings settings) {
    return Stream.concat(
            key(isTraining, settings.train().device(), "train.device"),
            key(isInference, settings.evaluate().device(), "evaluate.device"))
        .findFirst();
  }

  private static Stream<String> key(boolean isUsed, Device device, String key) {
    return isUsed && device == Device.GPU ? Stream.of(key) : Stream.empty();
  }
}
