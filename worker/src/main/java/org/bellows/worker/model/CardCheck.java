// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.model;

import java.util.HashSet;
import java.util.List;
import org.bellows.conf.BellowsException;
import org.bellows.models.graph.InputShape;

/** Checks of a model's card from any source. */
final class CardCheck {
  private static final int GREY = 1;
  private static final int RGB = 3;

  private CardCheck() {}

  /**
   * @throws BellowsException (data) saying the first thing that is wrong
   */
  static void check(ModelCard card, Object where) {
    ModelCard.FORMAT.require(where, card.formatVersion());
    InputShape input = card.input();
    boolean isPicture = input.channels() == GREY || input.channels() == RGB;
    if (!isPicture || !isSide(input.height()) || !isSide(input.width())) {
      throw refused(
          where,
          "its input is %s, expected 1 or 3 channels and sides of 1 to %d pixels"
              .formatted(input, ModelCard.MOST_PIXELS_A_SIDE));
    }
    if (card.resizePixels() < 0 || card.resizePixels() > ModelCard.MOST_PIXELS_A_SIDE) {
      throw refused(
          where,
          "it resizes to %d pixels, expected 0 to %d"
              .formatted(card.resizePixels(), ModelCard.MOST_PIXELS_A_SIDE));
    }
    if (card.classes().isEmpty() || new HashSet<>(card.classes()).size() < card.classes().size()) {
      throw refused(
          where,
          "it has %d classes, expected some, each with a name of its own"
              .formatted(card.classes().size()));
    }
    requireStatistics(card, where);
    if (card.multiLabelled() != (card.formatVersion() == ModelCard.MULTI_LABEL_FORMAT_VERSION)) {
      throw refused(
          where,
          "format version %d, but it %s samples of any number of classes"
              .formatted(card.formatVersion(), card.multiLabelled() ? "says" : "does not say"));
    }
    if (card.multiLabelled()) {
      requireThresholds(card, card.multiLabel().thresholds(), where);
    }
  }

  private static void requireThresholds(ModelCard card, List<Double> thresholds, Object where) {
    boolean areShares = thresholds.stream().allMatch(value -> value >= 0 && value <= 1);
    boolean areAll = thresholds.isEmpty() || thresholds.size() == card.classes().size();
    if (!areShares || !areAll) {
      throw refused(
          where,
          "it has the thresholds %s, expected one of 0 to 1 for each of %d classes, or none"
              .formatted(thresholds, card.classes().size()));
    }
  }

  private static boolean isSide(int pixels) {
    return pixels >= 1 && pixels <= ModelCard.MOST_PIXELS_A_SIDE;
  }

  private static void requireStatistics(ModelCard card, Object where) {
    int channels = card.input().channels();
    if (card.mean().length != channels || card.standardDeviation().length != channels) {
      throw refused(
          where,
          "it has %d means and %d standard deviations for %d channels"
              .formatted(card.mean().length, card.standardDeviation().length, channels));
    }
    for (int i = 0; i < channels; i++) {
      float mean = card.mean()[i];
      float deviation = card.standardDeviation()[i];
      // Pixels are divided by it.
      if (!Float.isFinite(mean) || !(deviation > 0) || !Float.isFinite(1 / deviation)) {
        throw refused(
            where,
            "channel %d has the mean %s and the standard deviation %s"
                .formatted(i, mean, deviation));
      }
    }
  }

  private static BellowsException refused(Object where, String why) {
    return BellowsException.data("%s is no card of a model: %s".formatted(where, why));
  }
}
