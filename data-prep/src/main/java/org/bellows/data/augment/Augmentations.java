// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.augment;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bellows.conf.AugmentSettings;
import org.bellows.data.augment.autoaugment.AugMix;
import org.bellows.data.augment.autoaugment.AutoAugment;
import org.bellows.data.augment.autoaugment.Policies;
import org.bellows.data.augment.autoaugment.RandomOperations;
import org.bellows.data.augment.mixing.CutMix;
import org.bellows.data.augment.mixing.Mixing;
import org.bellows.data.augment.mixing.Mixup;
import org.bellows.data.augment.mixing.RandomApply;
import org.bellows.data.augment.mixing.RandomChoice;
import org.bellows.data.augment.mixing.Ricap;
import org.bellows.data.augment.picture.ColorJitter;
import org.bellows.data.augment.picture.Elastic;
import org.bellows.data.augment.picture.PixelAugmentation;
import org.bellows.data.augment.picture.Rotation;
import org.bellows.data.augment.picture.VerticalFlip;
import org.bellows.data.augment.place.Augmentation;
import org.bellows.data.augment.planes.Cutout;
import org.bellows.data.augment.planes.Lighting;
import org.bellows.data.augment.planes.Normalizer;
import org.bellows.data.augment.planes.RandomErasing;
import org.bellows.data.augment.planes.TensorAugmentation;

/**
 * From the settings to augmentations: the one place that knows them all, and the order in which
 * they follow each other: {@link #training placement}, {@link #pictures vertical flip, rotation,
 * elastic deformation, AutoAugment and its kin, colour jitter}, normalisation, {@link #planes
 * lighting, random erasing, Cutout}, {@link #mixing mixing}.
 */
public final class Augmentations {
  private Augmentations() {}

  /**
   * @param height of the network's input
   * @param width of the network's input
   */
  public static Augmentation training(AugmentSettings augment, int height, int width) {
    Augmentation crop =
        switch (augment.crop()) {
          case RESIZE -> new Resize(height, width);
          case CENTRE -> centreCrop(augment.resizePixels(), height, width);
          case PADDED -> new RandomCrop(height, width, augment.paddingPixels());
          case RANDOM_SCALE ->
              new RandomScaleCrop(
                  height, width, augment.resizePixels(), augment.zoomMin(), augment.zoomMax());
          case RANDOM_RESIZED ->
              new RandomResizedCrop(
                  height,
                  width,
                  augment.scaleMin(),
                  augment.scaleMax(),
                  augment.ratioMin(),
                  augment.ratioMax());
        };
    Augmentation interpolated = Interpolated.of(crop, augment.interpolation());
    return augment.mirror() ? new RandomHorizontalFlip(interpolated) : interpolated;
  }

  /**
   * Without chance: the same in every epoch.
   *
   * @return the views of a picture whose answers are averaged; usually one
   */
  public static List<Augmentation> evaluation(AugmentSettings augment, int height, int width) {
    int resized = augment.evaluationResizePixels(height, width);
    List<Augmentation> views =
        switch (augment.evaluationCrop()) {
          case RESIZE -> List.of(new Resize(height, width));
          case CENTRE -> List.of(centreCrop(resized, height, width));
          case TEN_CROP -> TenCrop.views(height, width, resized);
        };
    AugmentSettings.Interpolation interpolation =
        switch (augment.evaluationInterpolation()) {
          case BILINEAR -> AugmentSettings.Interpolation.BILINEAR;
          case BICUBIC -> AugmentSettings.Interpolation.BICUBIC;
        };
    return views.stream().map(view -> Interpolated.of(view, interpolation)).toList();
  }

  /**
   * The augmentations of the cropped 8-bit picture in training.
   *
   * @param maskFill label of what they uncover
   */
  public static List<PixelAugmentation> pictures(AugmentSettings augment, int maskFill) {
    List<PixelAugmentation> pictures = new ArrayList<>();
    int fill = augment.fillValue();
    if (augment.verticalFlip()) {
      pictures.add(new VerticalFlip());
    }
    if (augment.rotationDegrees() > 0) {
      pictures.add(new Rotation(augment.rotationDegrees(), fill, maskFill));
    }
    if (augment.elasticDeviationPixels() > 0) {
      pictures.add(new Elastic(augment.elasticDeviationPixels(), fill, maskFill));
    }
    operations(augment, maskFill).ifPresent(pictures::add);
    ColorJitter jitter =
        new ColorJitter(
            augment.brightness(), augment.contrast(), augment.saturation(), augment.hue());
    if (!jitter.changesNothing()) {
      pictures.add(jitter);
    }
    return List.copyOf(pictures);
  }

  /**
   * The augmentations of the normalised picture in training.
   *
   * @param normaliser that it went through
   */
  public static List<TensorAugmentation> planes(AugmentSettings augment, Normalizer normaliser) {
    List<TensorAugmentation> planes = new ArrayList<>();
    if (augment.lightingDeviation() > 0) {
      planes.add(new Lighting(augment.lightingDeviation(), normaliser));
    }
    if (augment.erasingProbability() > 0) {
      planes.add(
          new RandomErasing(
              augment.erasingProbability(),
              augment.erasingAreaMin(),
              augment.erasingAreaMax(),
              augment.erasingRatioMin(),
              fill(augment.erasingFill()),
              normaliser));
    }
    if (augment.cutoutPixels() > 0) {
      planes.add(new Cutout(augment.cutoutPixels()));
    }
    return List.copyOf(planes);
  }

  /** The augmentation of a whole lane batch in training. */
  public static Optional<Mixing> mixing(AugmentSettings augment) {
    Optional<Mixing> always =
        switch (augment.mix()) {
          case NONE -> Optional.empty();
          case MIXUP -> Optional.of(new Mixup(augment.mixAlpha()));
          case CUTMIX -> Optional.of(new CutMix(augment.mixAlpha()));
          case RICAP -> Optional.of(new Ricap(augment.mixAlpha()));
          case MIXUP_OR_CUTMIX ->
              Optional.of(
                  new RandomChoice(
                      augment.cutmixShare(),
                      new CutMix(augment.cutmixAlpha()),
                      new Mixup(augment.mixAlpha())));
        };
    return always.map(mixing -> new RandomApply(augment.mixProbability(), mixing));
  }

  /** Whether a training picture is the same in every epoch, and whatever batch it is in. */
  public static boolean areFixed(AugmentSettings augment) {
    boolean fixedCrop =
        augment.crop() == AugmentSettings.Crop.RESIZE
            || augment.crop() == AugmentSettings.Crop.CENTRE;
    boolean fixedPlanes =
        augment.lightingDeviation() == 0
            && augment.erasingProbability() == 0
            && augment.cutoutPixels() == 0;
    return fixedCrop
        && augment.interpolation() != AugmentSettings.Interpolation.RANDOM
        && fixedPlanes
        && !augment.mirror()
        && pictures(augment, augment.maskFill()).isEmpty()
        && augment.mix() == AugmentSettings.Mix.NONE;
  }

  private static Optional<PixelAugmentation> operations(AugmentSettings augment, int maskFill) {
    int fill = augment.fillValue();
    return switch (augment.autoAugment()) {
      case NONE -> Optional.empty();
      case IMAGENET -> Optional.of(new AutoAugment(Policies.imageNet(), fill, maskFill));
      case CIFAR10 -> Optional.of(new AutoAugment(Policies.cifar10(), fill, maskFill));
      case SVHN -> Optional.of(new AutoAugment(Policies.svhn(), fill, maskFill));
      case RAND_AUGMENT ->
          Optional.of(
              RandomOperations.randAugment(
                  augment.randAugmentOperations(), augment.randAugmentMagnitude(), fill, maskFill));
      case TRIVIAL_AUGMENT -> Optional.of(RandomOperations.trivialAugment(fill, maskFill));
      case AUG_MIX -> Optional.of(new AugMix(augment.augMixSeverity(), fill));
    };
  }

  private static RandomErasing.Fill fill(AugmentSettings.ErasingFill name) {
    return switch (name) {
      case RANDOM -> RandomErasing.Fill.RANDOM;
      case MEAN -> RandomErasing.Fill.MEAN;
      case BLACK -> RandomErasing.Fill.BLACK;
      case WHITE -> RandomErasing.Fill.WHITE;
    };
  }

  private static Augmentation centreCrop(int resizePixels, int height, int width) {
    int shorterSide = resizePixels == 0 ? Math.max(height, width) : resizePixels;
    return new CenterCrop(height, width, shorterSide);
  }
}
