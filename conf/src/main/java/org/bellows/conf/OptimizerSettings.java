// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf;

import java.io.Serializable;

/**
 * {@code optimizer}: how parameters are moved by a gradient. Meaning and unit of each value are in
 * {@code reference.conf}.
 */
public record OptimizerSettings(
    @Key(identity = Identity.ALWAYS) OptimizerName name,
    @Key(identity = Identity.ALWAYS, min = 0, max = 0.9999) double momentum,
    @Key(identity = Identity.ALWAYS) boolean momentumCorrection,
    @Key(identity = Identity.ALWAYS, min = 0, max = 0.9999) double beta1,
    @Key(identity = Identity.ALWAYS, min = 0, max = 0.999999) double beta2,
    @Key(identity = Identity.ALWAYS, min = 0, max = 1) double epsilon,
    @Key(identity = Identity.ALWAYS, min = 0, max = 1000) double boundFinalLr,
    @Key(identity = Identity.ALWAYS, min = 1e-9, max = 1) double boundGamma,
    @Key(identity = Identity.ALWAYS, min = 0, max = 1000) double trustCoefficient,
    @Key(identity = Identity.ALWAYS, min = 0, max = 1) double weightDecay,
    @Key(identity = Identity.ALWAYS) WeightDecayForm weightDecayForm,
    @Key(identity = Identity.ALWAYS, min = 0, max = 1) double weightDecayL1,
    @Key(identity = Identity.ALWAYS, min = 0, max = 1_000_000_000) double clipNorm,
    @Key(identity = Identity.ALWAYS, min = 0, max = 1_000_000_000) double clipValue,
    @Key(identity = Identity.ALWAYS, min = 0, max = 0.999999) double averageDecay,
    @Key(identity = Identity.ALWAYS, min = 0, max = 10) double sharpnessRadius)
    implements Serializable {
  public enum OptimizerName {
    SGD,
    MOMENTUM,
    NESTEROV,
    RMSPROP,
    ADAM,
    ADAMW,
    ADABOUND,
    AMSBOUND,
    LARS,
    LAMB,
    LION
  }

  public enum WeightDecayForm {
    L2,
    DECOUPLED
  }

  /** Whether weight decay stays out of the gradient. */
  public boolean isDecoupled() {
    return name == OptimizerName.ADAMW
        || name == OptimizerName.LION
        || weightDecayForm == WeightDecayForm.DECOUPLED;
  }
}
