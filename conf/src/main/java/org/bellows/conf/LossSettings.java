// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf;

import java.io.Serializable;

/**
 * {@code loss}: what training makes small. Meaning and unit of each value are in {@code
 * reference.conf}.
 */
public record LossSettings(
    @Key(identity = Identity.ALWAYS) LossFunction function,
    @Key(identity = Identity.ALWAYS, min = 0, max = 0.999) double targetThreshold,
    @Key(identity = Identity.ALWAYS, min = 0, max = 0.999) double labelSmoothing,
    @Key(identity = Identity.ALWAYS, min = 1e-6, max = 1e6) ClassWeights classWeights,
    @Key(identity = Identity.ALWAYS, min = 1e-6, max = 1e6) PositiveWeights positiveWeights,
    @Key(identity = Identity.NEVER, isPath = true) String teacher,
    @Key(identity = Identity.ALWAYS, min = 0.1, max = 1000) double teacherTemperature,
    @Key(identity = Identity.ALWAYS, min = 0.001, max = 1) double teacherShare,
    @Key(identity = Identity.ALWAYS) Normalisation normalisation,
    @Key(identity = Identity.ALWAYS, min = 0, max = 1000) double crossEntropyWeight,
    @Key(identity = Identity.ALWAYS, min = 0, max = 10) double focalGamma,
    @Key(identity = Identity.ALWAYS, min = 0.001, max = 1) double hardPixelShare,
    @Key(identity = Identity.ALWAYS, min = 0, max = 1000) double diceWeight,
    @Key(identity = Identity.ALWAYS, min = 0, max = 1000) double lovaszWeight,
    @Key(identity = Identity.ALWAYS, min = 0, max = 1000) double borderWeight,
    @Key(identity = Identity.ALWAYS, min = 0.1, max = 1000) double borderSigmaPixels)
    implements Serializable {
  /** Of networks that say something of each sample. */
  public enum LossFunction {
    /** One class is right: cross-entropy of the softmax. */
    CROSS_ENTROPY,
    /** Each class is a question of its own: cross-entropy of the sigmoids. */
    BINARY_CROSS_ENTROPY
  }

  /** Divisor of the sum of the losses of pixels. */
  public enum Normalisation {
    /** The picture's own pixels that have a class; pictures then count the same. */
    PICTURE,
    /** The pixels of the whole global batch that have a class; these then count the same. */
    BATCH,
    /** Nothing: a picture's loss is a sum. */
    NONE
  }

  public boolean hasTeacher() {
    return !teacher.isBlank();
  }

  /** Whether it is plain cross-entropy where each pixel has a class. */
  public boolean isPlainOfPixels() {
    return normalisation == Normalisation.PICTURE
        && crossEntropyWeight == 1
        && focalGamma == 0
        && hardPixelShare == 1
        && diceWeight == 0
        && lovaszWeight == 0
        && borderWeight == 0;
  }
}
