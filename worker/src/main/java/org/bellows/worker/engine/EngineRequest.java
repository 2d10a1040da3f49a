// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine;

import java.io.Serializable;
import org.bellows.conf.Device;
import org.bellows.conf.EvaluateSettings;
import org.bellows.conf.TrainSettings;

/**
 * Which engine computes a network, and how.
 *
 * @param name {@code train.step-engine}, or {@code evaluate.step-engine}
 * @param device where; of several GPUs the one that this process was given ({@link
 *     org.bellows.worker.device.ProcessDevice})
 */
public record EngineRequest(String name, Arithmetic arithmetic, Device device)
    implements Serializable {
  /** On the processor. */
  public EngineRequest(String name, Arithmetic arithmetic) {
    this(name, arithmetic, Device.CPU);
  }

  public static EngineRequest of(TrainSettings train) {
    return new EngineRequest(
        train.stepEngine(),
        new Arithmetic(train.convolutions(), train.precision()),
        train.device());
  }

  /** Of a network that is not trained: evaluation, prediction, features. */
  public static EngineRequest of(EvaluateSettings evaluate) {
    return ofInference(evaluate.stepEngine(), InferenceArithmetic.of(evaluate))
        .on(evaluate.device());
  }

  /** Of a network that is not trained. */
  public static EngineRequest ofInference(String name, InferenceArithmetic arithmetic) {
    return new EngineRequest(name, Arithmetic.ofInference(arithmetic));
  }

  /** The same on a device. */
  public EngineRequest on(Device other) {
    return new EngineRequest(name, arithmetic, other);
  }

  /** In the usual arithmetic. */
  public static EngineRequest named(String name) {
    return new EngineRequest(name, Arithmetic.USUAL);
  }
}
