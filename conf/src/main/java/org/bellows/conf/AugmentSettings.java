// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.conf;

import java.io.Serializable;
import java.util.List;

/**
 * {@code augment}: what happens to a picture on its way into a batch. Meaning and unit of each
 * value are in {@code reference.conf}.
 */
public record AugmentSettings(
    @Key(identity = Identity.ALWAYS) Crop crop,
    @Key(identity = Identity.ALWAYS, min = 0, max = 4096) int resizePixels,
    @Key(identity = Identity.ALWAYS, min = 0, max = 512) int paddingPixels,
    @Key(identity = Identity.ALWAYS, min = 0.0001, max = 1) double scaleMin,
    @Key(identity = Identity.ALWAYS, min = 0.0001, max = 1) double scaleMax,
    @Key(identity = Identity.ALWAYS, min = 0.01, max = 100) double ratioMin,
    @Key(identity = Identity.ALWAYS, min = 0.01, max = 100) double ratioMax,
    @Key(identity = Identity.ALWAYS) Interpolation interpolation,
    @Key(identity = Identity.ALWAYS, min = 0.05, max = 20) double zoomMin,
    @Key(identity = Identity.ALWAYS, min = 0.05, max = 20) double zoomMax,
    @Key(identity = Identity.ALWAYS, min = 0.01, max = 1) double classShareMax,
    @Key(identity = Identity.ALWAYS) boolean mirror,
    @Key(identity = Identity.ALWAYS) boolean verticalFlip,
    @Key(identity = Identity.ALWAYS) EvaluationCrop evaluationCrop,
    @Key(identity = Identity.ALWAYS, min = 0, max = 1) double evaluationCropShare,
    @Key(identity = Identity.ALWAYS) EvaluationInterpolation evaluationInterpolation,
    @Key(identity = Identity.ALWAYS, min = 0, max = 255) int fillValue,
    @Key(identity = Identity.ALWAYS, min = 0, max = 255) int maskFill,
    @Key(identity = Identity.ALWAYS, min = 0, max = 180) double rotationDegrees,
    @Key(identity = Identity.ALWAYS, min = 0, max = 1000) double elasticDeviationPixels,
    @Key(identity = Identity.ALWAYS) AutoAugmentPolicy autoAugment,
    @Key(identity = Identity.ALWAYS, min = 1, max = 14) int randAugmentOperations,
    @Key(identity = Identity.ALWAYS, min = 0, max = 30) int randAugmentMagnitude,
    @Key(identity = Identity.ALWAYS, min = 1, max = 10) int augMixSeverity,
    @Key(identity = Identity.ALWAYS, min = 0, max = 1) double brightness,
    @Key(identity = Identity.ALWAYS, min = 0, max = 1) double contrast,
    @Key(identity = Identity.ALWAYS, min = 0, max = 1) double saturation,
    @Key(identity = Identity.ALWAYS, min = 0, max = 0.5) double hue,
    @Key(identity = Identity.ALWAYS, min = 0, max = 10) double lightingDeviation,
    @Key(identity = Identity.ALWAYS, min = 0, max = 1) List<Double> mean,
    @Key(identity = Identity.ALWAYS, min = 0.001, max = 10) List<Double> standardDeviation,
    @Key(identity = Identity.ALWAYS, min = 0, max = 1) double erasingProbability,
    @Key(identity = Identity.ALWAYS, min = 0.0001, max = 1) double erasingAreaMin,
    @Key(identity = Identity.ALWAYS, min = 0.0001, max = 1) double erasingAreaMax,
    @Key(identity = Identity.ALWAYS, min = 0.01, max = 1) double erasingRatioMin,
    @Key(identity = Identity.ALWAYS) ErasingFill erasingFill,
    @Key(identity = Identity.ALWAYS, min = 0, max = 4096) int cutoutPixels,
    @Key(identity = Identity.ALWAYS) Mix mix,
    @Key(identity = Identity.ALWAYS, min = 0.01, max = 100) double mixAlpha,
    @Key(identity = Identity.ALWAYS, min = 0.01, max = 100) double cutmixAlpha,
    @Key(identity = Identity.ALWAYS, min = 0, max = 1) double cutmixShare,
    @Key(identity = Identity.ALWAYS, min = 0, max = 1) double mixProbability,
    @Key(identity = Identity.ALWAYS, min = 1, max = 64) int repeats)
    implements Serializable {
  public enum Crop {
    RESIZE,
    CENTRE,
    PADDED,
    RANDOM_RESIZED,
    RANDOM_SCALE
  }

  /** How a crop is resized in training. */
  public enum Interpolation {
    BILINEAR,
    BICUBIC,
    /** One of the two, drawn for each sample. */
    RANDOM
  }

  /** How a picture is resized in evaluation. */
  public enum EvaluationInterpolation {
    BILINEAR,
    BICUBIC
  }

  public enum EvaluationCrop {
    RESIZE,
    CENTRE,
    TEN_CROP
  }

  public enum AutoAugmentPolicy {
    NONE,
    IMAGENET,
    CIFAR10,
    SVHN,
    RAND_AUGMENT,
    TRIVIAL_AUGMENT,
    AUG_MIX
  }

  public enum ErasingFill {
    RANDOM,
    MEAN,
    BLACK,
    WHITE
  }

  public enum Mix {
    NONE,
    MIXUP,
    CUTMIX,
    RICAP,
    MIXUP_OR_CUTMIX
  }

  /**
   * Shorter side before an evaluation's crop of height x width: floor(larger / share) as in timm.
   *
   * @return 0: the larger of both
   */
  public int evaluationResizePixels(int height, int width) {
    return evaluationCropShare == 0
        ? resizePixels
        : (int) Math.floor(Math.max(height, width) / evaluationCropShare);
  }

  /** The same, but with the evaluation of a model that was trained under other settings. */
  public AugmentSettings withEvaluation(
      EvaluationCrop otherCrop, int otherResizePixels, EvaluationInterpolation otherInterpolation) {
    return new AugmentSettings(
        crop,
        otherResizePixels,
        paddingPixels,
        scaleMin,
        scaleMax,
        ratioMin,
        ratioMax,
        interpolation,
        zoomMin,
        zoomMax,
        classShareMax,
        mirror,
        verticalFlip,
        otherCrop,
        0,
        otherInterpolation,
        fillValue,
        maskFill,
        rotationDegrees,
        elasticDeviationPixels,
        autoAugment,
        randAugmentOperations,
        randAugmentMagnitude,
        augMixSeverity,
        brightness,
        contrast,
        saturation,
        hue,
        lightingDeviation,
        mean,
        standardDeviation,
        erasingProbability,
        erasingAreaMin,
        erasingAreaMax,
        erasingRatioMin,
        erasingFill,
        cutoutPixels,
        mix,
        mixAlpha,
        cutmixAlpha,
        cutmixShare,
        mixProbability,
        repeats);
  }
}
