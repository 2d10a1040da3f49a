// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.augment.autoaugment;

import static org.bellows.data.augment.autoaugment.Operation.AUTO_CONTRAST;
import static org.bellows.data.augment.autoaugment.Operation.BRIGHTNESS;
import static org.bellows.data.augment.autoaugment.Operation.COLOUR;
import static org.bellows.data.augment.autoaugment.Operation.CONTRAST;
import static org.bellows.data.augment.autoaugment.Operation.EQUALIZE;
import static org.bellows.data.augment.autoaugment.Operation.INVERT;
import static org.bellows.data.augment.autoaugment.Operation.POSTERIZE;
import static org.bellows.data.augment.autoaugment.Operation.ROTATE;
import static org.bellows.data.augment.autoaugment.Operation.SHARPNESS;
import static org.bellows.data.augment.autoaugment.Operation.SHEAR_X;
import static org.bellows.data.augment.autoaugment.Operation.SHEAR_Y;
import static org.bellows.data.augment.autoaugment.Operation.SOLARIZE;
import static org.bellows.data.augment.autoaugment.Operation.TRANSLATE_X;
import static org.bellows.data.augment.autoaugment.Operation.TRANSLATE_Y;

import java.util.List;

/**
 * The policies as printed in the paper's appendix, 25 sub-policies each: (operation, probability,
 * magnitude) twice. AutoContrast, Equalize and Invert have no strength; whatever magnitude the
 * paper prints with them, here stands 0.
 */
public final class Policies {
  private static final double IMAGENET_TRANSLATION = 150.0 / 331;
  private static final double CIFAR_TRANSLATION = 10.0 / 32;

  private Policies() {}

  /** "AutoAugment policy found on reduced ImageNet". */
  public static Policy imageNet() {
    return new Policy(
        IMAGENET_TRANSLATION,
        List.of(
            two(POSTERIZE, 0.4, 8, ROTATE, 0.6, 9),
            two(SOLARIZE, 0.6, 5, AUTO_CONTRAST, 0.6, 0),
            two(EQUALIZE, 0.8, 0, EQUALIZE, 0.6, 0),
            two(POSTERIZE, 0.6, 7, POSTERIZE, 0.6, 6),
            two(EQUALIZE, 0.4, 0, SOLARIZE, 0.2, 4),
            two(EQUALIZE, 0.4, 0, ROTATE, 0.8, 8),
            two(SOLARIZE, 0.6, 3, EQUALIZE, 0.6, 0),
            two(POSTERIZE, 0.8, 5, EQUALIZE, 1.0, 0),
            two(ROTATE, 0.2, 3, SOLARIZE, 0.6, 8),
            two(EQUALIZE, 0.6, 0, POSTERIZE, 0.4, 6),
            two(ROTATE, 0.8, 8, COLOUR, 0.4, 0),
            two(ROTATE, 0.4, 9, EQUALIZE, 0.6, 0),
            two(EQUALIZE, 0.0, 0, EQUALIZE, 0.8, 0),
            two(INVERT, 0.6, 0, EQUALIZE, 1.0, 0),
            two(COLOUR, 0.6, 4, CONTRAST, 1.0, 8),
            two(ROTATE, 0.8, 8, COLOUR, 1.0, 2),
            two(COLOUR, 0.8, 8, SOLARIZE, 0.8, 7),
            two(SHARPNESS, 0.4, 7, INVERT, 0.6, 0),
            two(SHEAR_X, 0.6, 5, EQUALIZE, 1.0, 0),
            two(COLOUR, 0.4, 0, EQUALIZE, 0.6, 0),
            two(EQUALIZE, 0.4, 0, SOLARIZE, 0.2, 4),
            two(SOLARIZE, 0.6, 5, AUTO_CONTRAST, 0.6, 0),
            two(INVERT, 0.6, 0, EQUALIZE, 1.0, 0),
            two(COLOUR, 0.6, 4, CONTRAST, 1.0, 8),
            two(EQUALIZE, 0.8, 0, EQUALIZE, 0.6, 0)));
  }

  /** "AutoAugment policy found on reduced CIFAR-10". */
  public static Policy cifar10() {
    return new Policy(
        CIFAR_TRANSLATION,
        List.of(
            two(INVERT, 0.1, 0, CONTRAST, 0.2, 6),
            two(ROTATE, 0.7, 2, TRANSLATE_X, 0.3, 9),
            two(SHARPNESS, 0.8, 1, SHARPNESS, 0.9, 3),
            two(SHEAR_Y, 0.5, 8, TRANSLATE_Y, 0.7, 9),
            two(AUTO_CONTRAST, 0.5, 0, EQUALIZE, 0.9, 0),
            two(SHEAR_Y, 0.2, 7, POSTERIZE, 0.3, 7),
            two(COLOUR, 0.4, 3, BRIGHTNESS, 0.6, 7),
            two(SHARPNESS, 0.3, 9, BRIGHTNESS, 0.7, 9),
            two(EQUALIZE, 0.6, 0, EQUALIZE, 0.5, 0),
            two(CONTRAST, 0.6, 7, SHARPNESS, 0.6, 5),
            two(COLOUR, 0.7, 7, TRANSLATE_X, 0.5, 8),
            two(EQUALIZE, 0.3, 0, AUTO_CONTRAST, 0.4, 0),
            two(TRANSLATE_Y, 0.4, 3, SHARPNESS, 0.2, 6),
            two(BRIGHTNESS, 0.9, 6, COLOUR, 0.2, 8),
            two(SOLARIZE, 0.5, 2, INVERT, 0.0, 0),
            two(EQUALIZE, 0.2, 0, AUTO_CONTRAST, 0.6, 0),
            two(EQUALIZE, 0.2, 0, EQUALIZE, 0.6, 0),
            two(COLOUR, 0.9, 9, EQUALIZE, 0.6, 0),
            two(AUTO_CONTRAST, 0.8, 0, SOLARIZE, 0.2, 8),
            two(BRIGHTNESS, 0.1, 3, COLOUR, 0.7, 0),
            two(SOLARIZE, 0.4, 5, AUTO_CONTRAST, 0.9, 0),
            two(TRANSLATE_Y, 0.9, 9, TRANSLATE_Y, 0.7, 9),
            two(AUTO_CONTRAST, 0.9, 0, SOLARIZE, 0.8, 3),
            two(EQUALIZE, 0.8, 0, INVERT, 0.1, 0),
            two(TRANSLATE_Y, 0.7, 9, AUTO_CONTRAST, 0.9, 0)));
  }

  /** "AutoAugment policy found on reduced SVHN". */
  public static Policy svhn() {
    return new Policy(
        CIFAR_TRANSLATION,
        List.of(
            two(SHEAR_X, 0.9, 4, INVERT, 0.2, 0),
            two(SHEAR_Y, 0.9, 8, INVERT, 0.7, 0),
            two(EQUALIZE, 0.6, 0, SOLARIZE, 0.6, 6),
            two(INVERT, 0.9, 0, EQUALIZE, 0.6, 0),
            two(EQUALIZE, 0.6, 0, ROTATE, 0.9, 3),
            two(SHEAR_X, 0.9, 4, AUTO_CONTRAST, 0.8, 0),
            two(SHEAR_Y, 0.9, 8, INVERT, 0.4, 0),
            two(SHEAR_Y, 0.9, 5, SOLARIZE, 0.2, 6),
            two(INVERT, 0.9, 0, AUTO_CONTRAST, 0.8, 0),
            two(EQUALIZE, 0.6, 0, ROTATE, 0.9, 3),
            two(SHEAR_X, 0.9, 4, SOLARIZE, 0.3, 3),
            two(SHEAR_Y, 0.8, 8, INVERT, 0.7, 0),
            two(EQUALIZE, 0.9, 0, TRANSLATE_Y, 0.6, 6),
            two(INVERT, 0.9, 0, EQUALIZE, 0.6, 0),
            two(CONTRAST, 0.3, 3, ROTATE, 0.8, 4),
            two(INVERT, 0.8, 0, TRANSLATE_Y, 0.0, 2),
            two(SHEAR_Y, 0.7, 6, SOLARIZE, 0.4, 8),
            two(INVERT, 0.6, 0, ROTATE, 0.8, 4),
            two(SHEAR_Y, 0.3, 7, TRANSLATE_X, 0.9, 3),
            two(SHEAR_X, 0.1, 6, INVERT, 0.6, 0),
            two(SOLARIZE, 0.7, 2, TRANSLATE_Y, 0.6, 7),
            two(SHEAR_Y, 0.8, 4, INVERT, 0.8, 0),
            two(SHEAR_X, 0.7, 9, TRANSLATE_Y, 0.8, 3),
            two(SHEAR_Y, 0.8, 5, AUTO_CONTRAST, 0.7, 0),
            two(SHEAR_X, 0.7, 2, INVERT, 0.1, 0)));
  }

  private static Policy.SubPolicy two(
      Operation first,
      double firstProbability,
      int firstMagnitude,
      Operation second,
      double secondProbability,
      int secondMagnitude) {
    return new Policy.SubPolicy(
        new Policy.Step(first, firstProbability, firstMagnitude),
        new Policy.Step(second, secondProbability, secondMagnitude));
  }
}
