package org.bellows.conf;

import java.io.Serializable;

/**
 * {@code optimizer}: how parameters are moved by a gradient. Meaning and unit of each value stand
 * in {@code reference.conf}.
 */
public record OptimizerSettings(
    OptimizerName name,
    double momentum,
    boolean momentumCorrection,
    double beta1,
    double beta2,
    double epsilon,
    double boundFinalLr,
    double boundGamma,
    double trustCoefficient,
    double weightDecay,
    WeightDecayForm weightDecayForm,
    double weightDecayL1,
    double clipNorm,
    double clipValue,
    double averageDecay)
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
    LARS
  }

  public enum WeightDecayForm {
    L2,
    DECOUPLED
  }

  /** Whether weight decay stays out of the gradient. */
  public boolean isDecoupled() {
    return name == OptimizerName.ADAMW || weightDecayForm == WeightDecayForm.DECOUPLED;
  }
}
