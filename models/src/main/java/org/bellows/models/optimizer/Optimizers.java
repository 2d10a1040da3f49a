package org.bellows.models.optimizer;

import org.bellows.conf.Settings;

/** From {@code optimizer.name} to an optimizer. A new one is one line here. */
public final class Optimizers {
  private Optimizers() {}

  public static Optimizer of(Settings.Optimizer settings) {
    return switch (settings.name()) {
      case SGD -> new Sgd();
      case NESTEROV -> new Nesterov(settings.momentum());
    };
  }
}
