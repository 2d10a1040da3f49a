// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.engine;

import java.io.Serializable;
import org.bellows.conf.Precision;
import org.bellows.conf.TrainSettings;

/**
 * How passes are computed where an engine has a choice. Results differ within rounding. Inference
 * does not depend on what training is computed in: a trained model's answers are the same whatever
 * it was trained with.
 *
 * @param convolutions the algorithm, in training, of convolutions that more than one suits
 * @param precision the number format of maps and weights in training
 * @param inference what passes that do not train are computed in
 */
public record Arithmetic(
    TrainSettings.Convolutions convolutions, Precision precision, InferenceArithmetic inference)
    implements Serializable {
  /** What every engine computes in unless it is asked for something else. */
  public static final Arithmetic USUAL =
      new Arithmetic(TrainSettings.Convolutions.DIRECT, Precision.FLOAT32);

  /** With the usual inference. */
  public Arithmetic(TrainSettings.Convolutions convolutions, Precision precision) {
    this(convolutions, precision, InferenceArithmetic.USUAL);
  }

  /** Of a network that is not trained. */
  public static Arithmetic ofInference(InferenceArithmetic inference) {
    return new Arithmetic(USUAL.convolutions(), USUAL.precision(), inference);
  }

  /** Whether processors have the number formats. */
  public boolean isOnProcessors() {
    return precision != Precision.TF32 && inference.precision() != Precision.TF32;
  }

  public boolean isUsual() {
    return equals(USUAL);
  }
}
