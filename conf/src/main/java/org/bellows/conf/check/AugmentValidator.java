// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf.check;

import java.util.List;
import org.bellows.conf.AugmentSettings;
import org.bellows.conf.Settings;
import org.bellows.conf.TrainSettings;
import org.bellows.conf.text.ValueText;

/** Contradictions between keys under {@code augment}. */
final class AugmentValidator {
  /** As {@code augment.resize-pixels} allows. */
  private static final int MOST_PIXELS = 4096;

  private final Problems problems;

  AugmentValidator(Problems problems) {
    this.problems = problems;
  }

  void check(Settings settings) {
    AugmentSettings augment = settings.augment();
    checkOrder("augment.scale-", augment.scaleMin(), augment.scaleMax());
    checkOrder("augment.ratio-", augment.ratioMin(), augment.ratioMax());
    checkOrder("augment.zoom-", augment.zoomMin(), augment.zoomMax());
    checkClassShare(augment);
    checkOrder("augment.erasing-area-", augment.erasingAreaMin(), augment.erasingAreaMax());
    checkResize(augment, settings.model());
    checkChannels(augment, settings.model().channels());
    checkRepeats(augment, settings.train());
    if (augment.mix() != AugmentSettings.Mix.NONE && settings.train().laneBatch() < 2) {
      problems.add(
          "augment.mix",
          "is %s, but train.lane-batch = %d has no second sample to mix with; allowed: none, or at least 2 samples"
              .formatted(ValueText.name(augment.mix()), settings.train().laneBatch()));
    }
  }

  private void checkRepeats(AugmentSettings augment, TrainSettings train) {
    boolean hasLanes = train.globalBatch() % train.laneBatch() == 0;
    if (hasLanes && train.lanes() % augment.repeats() != 0) {
      problems.add(
          "augment.repeats",
          "is %d, but train.global-batch = %d and train.lane-batch = %d make %d lanes, which cannot be divided by it; allowed: a divisor of %d"
              .formatted(
                  augment.repeats(),
                  train.globalBatch(),
                  train.laneBatch(),
                  train.lanes(),
                  train.lanes()));
    }
  }

  private void checkClassShare(AugmentSettings augment) {
    boolean isFixed =
        augment.crop() == AugmentSettings.Crop.RESIZE
            || augment.crop() == AugmentSettings.Crop.CENTRE;
    if (augment.classShareMax() < 1 && isFixed) {
      problems.add(
          "augment.class-share-max",
          "is %s, but augment.crop = %s draws no crop that could be drawn again; allowed: 1, or a random crop"
              .formatted(augment.classShareMax(), ValueText.name(augment.crop())));
    }
  }

  private void checkOrder(String prefix, double min, double max) {
    if (min > max) {
      problems.add(
          prefix + "min",
          "is %s, more than %smax = %s; allowed: at most that".formatted(min, prefix, max));
    }
  }

  /** A random-scale crop may be larger than the image; where it is resized, nothing is cut out. */
  private void checkResize(AugmentSettings augment, Settings.Model model) {
    checkCropShare(augment, model);
    if (augment.crop() == AugmentSettings.Crop.RANDOM_SCALE
        && augment.evaluationCrop() == AugmentSettings.EvaluationCrop.RESIZE) {
      return;
    }
    int side = Math.max(model.heightPixels(), model.widthPixels());
    if (augment.resizePixels() != 0 && augment.resizePixels() < side) {
      problems.add(
          "augment.resize-pixels",
          "is %d, smaller than the crop of %d x %d (model.height-pixels x model.width-pixels); allowed: 0 or at least %d"
              .formatted(augment.resizePixels(), model.heightPixels(), model.widthPixels(), side));
    } else if (augment.evaluationCrop() == AugmentSettings.EvaluationCrop.TEN_CROP
        && augment.evaluationCropShare() == 0
        && augment.resizePixels() <= side) {
      problems.add(
          "augment.resize-pixels",
          "is %d, but augment.evaluation-crop = ten-crop cuts corners of %d x %d out of the resized image; allowed: more than %d"
              .formatted(augment.resizePixels(), model.heightPixels(), model.widthPixels(), side));
    }
  }

  private void checkCropShare(AugmentSettings augment, Settings.Model model) {
    double share = augment.evaluationCropShare();
    if (share == 0) {
      return;
    }
    int side = Math.max(model.heightPixels(), model.widthPixels());
    int resized = augment.evaluationResizePixels(model.heightPixels(), model.widthPixels());
    boolean isTenCrop = augment.evaluationCrop() == AugmentSettings.EvaluationCrop.TEN_CROP;
    if (augment.evaluationCrop() == AugmentSettings.EvaluationCrop.RESIZE) {
      problems.add(
          "augment.evaluation-crop-share",
          "is %s, but augment.evaluation-crop = resize cuts nothing out; allowed: 0, or centre or ten-crop"
              .formatted(ValueText.plain(share)));
    } else if (resized > MOST_PIXELS || (isTenCrop && resized == side)) {
      problems.add(
          "augment.evaluation-crop-share",
          "is %s, by which an image of %d x %d is cut out of one resized to %d pixels; allowed: %d to %d pixels"
              .formatted(
                  ValueText.plain(share),
                  model.heightPixels(),
                  model.widthPixels(),
                  resized,
                  isTenCrop ? side + 1 : side,
                  MOST_PIXELS));
    }
  }

  private void checkChannels(AugmentSettings augment, int channels) {
    checkColour("augment.saturation", augment.saturation(), channels);
    checkColour("augment.hue", augment.hue(), channels);
    checkColour("augment.lighting-deviation", augment.lightingDeviation(), channels);
    checkCount("augment.mean", augment.mean(), channels);
    checkCount("augment.standard-deviation", augment.standardDeviation(), channels);
  }

  private void checkColour(String key, double value, int channels) {
    if (value != 0 && channels != 3) {
      problems.add(
          key,
          "is %s, but model.channels = %d has no colour; allowed: 0, or 3 channels"
              .formatted(value, channels));
    }
  }

  private void checkCount(String key, List<Double> values, int channels) {
    if (!values.isEmpty() && values.size() != channels) {
      problems.add(
          key,
          "holds %d numbers, but model.channels = %d; allowed: none, or one a channel"
              .formatted(values.size(), channels));
    }
  }
}
