// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine;

import java.io.Serializable;
import org.bellows.conf.Settings;

/**
 * Which engine computes a network, and how.
 *
 * @param name {@code train.step-engine}, or {@code evaluate.step-engine}
 */
public record EngineRequest(String name, Arithmetic arithmetic) implements Serializable {

  public static EngineRequest of(Settings.Train train) {
    return new EngineRequest(
        train.stepEngine(), new Arithmetic(train.convolutions(), train.precision()));
  }

  /** Of a network that is not trained: evaluation, prediction, features. */
  public static EngineRequest of(Settings.Evaluate evaluate) {
    return ofInference(evaluate.stepEngine(), InferenceArithmetic.of(evaluate));
  }

  /** Of a network that is not trained. */
  public static EngineRequest ofInference(String name, InferenceArithmetic arithmetic) {
    return new EngineRequest(name, Arithmetic.ofInference(arithmetic));
  }

  /** In the usual arithmetic. */
  public static EngineRequest named(String name) {
    return new EngineRequest(name, Arithmetic.USUAL);
  }
}
