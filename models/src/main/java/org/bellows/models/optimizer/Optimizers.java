// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.optimizer;

import org.bellows.conf.OptimizerSettings;

/** From {@code optimizer.name} to an optimizer. A new one is one line here. */
public final class Optimizers {
  private Optimizers() {}

  /**
   * @param baseLr {@code schedule.base-lr}, which {@code optimizer.bound-final-lr} belongs to
   */
  public static Optimizer of(OptimizerSettings settings, double baseLr) {
    return switch (settings.name()) {
      case SGD -> new Sgd();
      // LARS scales the gradients of layers (LarsTrustRatio); what is left is momentum.
      case MOMENTUM, LARS -> new Momentum(settings.momentum(), settings.momentumCorrection());
      case NESTEROV -> new Nesterov(settings.momentum(), settings.momentumCorrection());
      case RMSPROP ->
          new RmsProp(
              settings.beta2(),
              settings.momentum(),
              settings.epsilon(),
              settings.momentumCorrection());
      case ADAM, ADAMW ->
          new Adam(new Moments(settings.beta1(), settings.beta2(), settings.epsilon()));
      case LAMB -> new Lamb(new Moments(settings.beta1(), settings.beta2(), settings.epsilon()));
      case LION -> new Lion(settings.beta1(), settings.beta2());
      case ADABOUND -> bound(settings, baseLr, false);
      case AMSBOUND -> bound(settings, baseLr, true);
    };
  }

  private static Optimizer bound(OptimizerSettings settings, double baseLr, boolean largest) {
    // With a base rate of 0 every rate is 0, whatever the bounds.
    double finalShare = baseLr == 0 ? 0 : settings.boundFinalLr() / baseLr;
    return new AdaBound(
        new Moments(settings.beta1(), settings.beta2(), settings.epsilon()),
        finalShare,
        settings.boundGamma(),
        largest);
  }
}
