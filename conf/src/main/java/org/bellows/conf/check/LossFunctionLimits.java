// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf.check;

import org.bellows.conf.LossSettings;
import org.bellows.conf.text.ValueText;

/** What {@code loss.function} does not go with. */
final class LossFunctionLimits {
  private final Problems problems;

  LossFunctionLimits(Problems problems) {
    this.problems = problems;
  }

  void check(LossSettings loss) {
    if (loss.function() == LossSettings.LossFunction.CROSS_ENTROPY) {
      require(
          loss.targetThreshold() == 0,
          "loss.target-threshold",
          ValueText.plain(loss.targetThreshold()),
          loss,
          "0");
      require(
          loss.positiveWeights().areAlike(),
          "loss.positive-weights",
          loss.positiveWeights().spelt(),
          loss,
          "[]");
      return;
    }
    if (loss.targetThreshold() >= 1 - loss.labelSmoothing()) {
      problems.add(
          "loss.target-threshold",
          "is %s, which no target is above with loss.label-smoothing = %s; allowed: less than 1 - loss.label-smoothing"
              .formatted(
                  ValueText.plain(loss.targetThreshold()), ValueText.plain(loss.labelSmoothing())));
    }
    require(
        loss.classWeights().areAlike(),
        "loss.class-weights",
        loss.classWeights().spelt(),
        loss,
        "[]");
  }

  private void require(boolean isSo, String key, Object actual, LossSettings loss, String allowed) {
    if (!isSo) {
      problems.add(
          key,
          "is %s, which loss.function = %s does not take; allowed: %s"
              .formatted(actual, ValueText.name(loss.function()), allowed));
    }
  }
}
