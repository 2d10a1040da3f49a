// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine;

import java.io.Serializable;
import org.bellows.conf.Settings;

/**
 * What a training asks of an engine.
 *
 * @param name {@code train.step-engine}
 */
public record EngineRequest(String name, Arithmetic arithmetic) implements Serializable {

  public static EngineRequest of(Settings.Train train) {
    return new EngineRequest(
        train.stepEngine(), new Arithmetic(train.convolutions(), train.precision()));
  }

  /** In the usual arithmetic. */
  public static EngineRequest named(String name) {
    return new EngineRequest(name, Arithmetic.USUAL);
  }
}
