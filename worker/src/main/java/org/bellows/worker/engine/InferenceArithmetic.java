// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine;

import java.io.Serializable;
import org.bellows.conf.EvaluateSettings;
import org.bellows.conf.Precision;
import org.bellows.conf.text.ValueText;

/**
 * How inference is computed where an engine has a choice. Results differ within rounding.
 *
 * @param convolutions the algorithm of convolutions that more than one suits
 * @param precision the number format of maps and weights
 */
public record InferenceArithmetic(
    EvaluateSettings.InferenceConvolutions convolutions, Precision precision)
    implements Serializable {
  /** Convolutions directly, in floats. */
  public static final InferenceArithmetic USUAL =
      new InferenceArithmetic(EvaluateSettings.InferenceConvolutions.DIRECT, Precision.FLOAT32);

  /** As {@code evaluate.convolutions} and {@code evaluate.precision} say. */
  public static InferenceArithmetic of(EvaluateSettings evaluate) {
    return new InferenceArithmetic(evaluate.convolutions(), evaluate.precision());
  }

  /** As in a configuration: "direct, float32". */
  @Override
  public String toString() {
    return ValueText.name(convolutions) + ", " + ValueText.name(precision);
  }
}
