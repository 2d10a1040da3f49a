package org.bellows.conf;

import java.io.Serializable;
import java.util.List;

/**
 * {@code augment}: what happens to a picture on its way into a batch. Meaning and unit of each
 * value stand in {@code reference.conf}.
 */
public record AugmentSettings(
    Crop crop,
    int resizePixels,
    int paddingPixels,
    double scaleMin,
    double scaleMax,
    double ratioMin,
    double ratioMax,
    boolean mirror,
    EvaluationCrop evaluationCrop,
    int fillValue,
    int maskFill,
    double rotationDegrees,
    AutoAugmentPolicy autoAugment,
    double brightness,
    double contrast,
    double saturation,
    double hue,
    double lightingDeviation,
    List<Double> mean,
    List<Double> standardDeviation,
    double erasingProbability,
    double erasingAreaMin,
    double erasingAreaMax,
    double erasingRatioMin,
    ErasingFill erasingFill,
    int cutoutPixels,
    Mix mix,
    double mixAlpha,
    double mixProbability)
    implements Serializable {
  public enum Crop {
    RESIZE,
    CENTRE,
    PADDED,
    RANDOM_RESIZED
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
    SVHN
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
    RICAP
  }

  /** The same, but with the evaluation of a model that was trained under other settings. */
  public AugmentSettings withEvaluation(EvaluationCrop otherCrop, int otherResizePixels) {
    return new AugmentSettings(
        crop,
        otherResizePixels,
        paddingPixels,
        scaleMin,
        scaleMax,
        ratioMin,
        ratioMax,
        mirror,
        otherCrop,
        fillValue,
        maskFill,
        rotationDegrees,
        autoAugment,
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
        mixProbability);
  }
}
