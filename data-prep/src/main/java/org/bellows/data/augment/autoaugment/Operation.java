// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.augment.autoaugment;

import org.bellows.data.augment.picture.Affine;
import org.bellows.data.augment.picture.Enhance;
import org.bellows.data.augment.picture.LookupTable;
import org.bellows.data.augment.picture.MaskedPicture;
import org.bellows.data.decode.image.RasterImage;

/**
 * The operations, as PIL defines them; geometric ones take the nearest pixel, which is PIL's
 * default and what the authors' code does.
 */
public enum Operation {
  SHEAR_X,
  SHEAR_Y,
  TRANSLATE_X,
  TRANSLATE_Y,
  ROTATE,
  AUTO_CONTRAST,
  INVERT,
  EQUALIZE,
  SOLARIZE,
  POSTERIZE,
  CONTRAST,
  COLOUR,
  BRIGHTNESS,
  SHARPNESS,
  /** Changes nothing; in no learned policy. */
  IDENTITY;

  private static final int HIGHEST = 255;
  private static final int BITS = 8;

  /**
   * @param fill grey value 0 to 255 of what is uncovered
   * @param maskFill label of what is uncovered in a label map
   */
  MaskedPicture apply(MaskedPicture picture, Strength strength, int fill, int maskFill) {
    RasterImage pixels = picture.pixels();
    if (!isGeometric()) {
      return picture.withPixels(recolour(pixels, strength));
    }
    Affine affine = affine(pixels.height(), pixels.width(), strength);
    return new MaskedPicture(
        affine.nearest(pixels, fill),
        picture.mask() == null ? null : affine.nearestLabels(picture.mask(), maskFill));
  }

  /** Whether it moves pixels; otherwise it changes their colours. */
  boolean isGeometric() {
    return switch (this) {
      case SHEAR_X, SHEAR_Y, TRANSLATE_X, TRANSLATE_Y, ROTATE -> true;
      default -> false;
    };
  }

  /** For a geometric operation: where the output's pixels come from. */
  Affine affine(int height, int width, Strength strength) {
    return switch (this) {
      case SHEAR_X -> new Affine(1, strength.shear(), 0, 0, 1, 0);
      case SHEAR_Y -> new Affine(1, 0, 0, strength.shear(), 1, 0);
      case TRANSLATE_X -> new Affine(1, 0, strength.pixels(width), 0, 1, 0);
      case TRANSLATE_Y -> new Affine(1, 0, 0, 0, 1, strength.pixels(height));
      case ROTATE -> Affine.rotation(strength.degrees(), height, width);
      default -> throw new IllegalStateException(this + " moves nothing");
    };
  }

  /** For all others: the picture in other colours. */
  RasterImage recolour(RasterImage pixels, Strength strength) {
    return switch (this) {
      case AUTO_CONTRAST -> Histogram.autoContrast(pixels);
      case EQUALIZE -> Histogram.equalize(pixels);
      case INVERT -> new LookupTable(value -> HIGHEST - value).apply(pixels);
      case SOLARIZE -> solarize(pixels, strength.solarizeThreshold());
      case POSTERIZE -> posterize(pixels, strength.posterizeBits());
      case CONTRAST -> Enhance.contrast(pixels, strength.enhancement());
      case COLOUR -> Enhance.colour(pixels, strength.enhancement());
      case BRIGHTNESS -> Enhance.brightness(pixels, strength.enhancement());
      case SHARPNESS -> Enhance.sharpness(pixels, strength.enhancement());
      case IDENTITY -> pixels;
      default -> throw new IllegalStateException(this + " changes no colours");
    };
  }

  private static RasterImage solarize(RasterImage pixels, int threshold) {
    return new LookupTable(value -> value < threshold ? value : HIGHEST - value).apply(pixels);
  }

  private static RasterImage posterize(RasterImage pixels, int bits) {
    int kept = HIGHEST << (BITS - bits);
    return new LookupTable(value -> value & kept).apply(pixels);
  }
}
