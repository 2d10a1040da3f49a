// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine;

import java.io.Serializable;
import org.bellows.conf.Settings;

/**
 * How the passes of training are computed where an engine has a choice. Results differ within
 * rounding. Inference does not depend on it: a trained model's answers are the same whatever it was
 * trained with.
 *
 * @param convolutions the algorithm of convolutions that more than one suits
 * @param precision the number format of maps and weights
 */
public record Arithmetic(Settings.Convolutions convolutions, Settings.Precision precision)
    implements Serializable {
  /** What every engine computes in unless it is asked for something else. */
  public static final Arithmetic USUAL =
      new Arithmetic(Settings.Convolutions.DIRECT, Settings.Precision.FLOAT32);

  public boolean isUsual() {
    return equals(USUAL);
  }
}
