// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.augment.autoaugment;

import java.util.Arrays;
import java.util.List;
import org.bellows.data.augment.autoaugment.RangedStrength.Ranges;
import org.bellows.data.augment.picture.MaskedPicture;
import org.bellows.data.augment.picture.PixelAugmentation;
import org.bellows.data.random.SampleRandom;

/**
 * Operations drawn evenly from all but inversion, without a learned policy. Strengths are counted
 * from 0 to {@link #GREATEST_MAGNITUDE}; an operation that has a direction goes either way with
 * probability 1/2.
 *
 * <p>RandAugment (Cubuk et al. 2019, arXiv 1909.13719): several operations one after the other, all
 * of one strength. TrivialAugment, "wide" (Müller and Hutter 2021, arXiv 2103.10158, table 1): one
 * operation, its strength drawn evenly. Ranges and their 31 steps are those of torchvision, as the
 * papers' differ from code to code.
 */
public final class RandomOperations implements PixelAugmentation {
  /** The end of each range. */
  public static final int GREATEST_MAGNITUDE = 30;

  private static final Ranges RAND_AUGMENT = new Ranges(0.3, 150.0 / 331, 0, 30, 0.9, 8, 4);
  private static final Ranges TRIVIAL_AUGMENT = new Ranges(0.99, 0, 32, 135, 0.99, 8, 6);
  private static final int ANY_MAGNITUDE = -1;
  private static final List<Operation> OPERATIONS =
      Arrays.stream(Operation.values()).filter(o -> o != Operation.INVERT).toList();

  private final Ranges ranges;
  private final int count;
  private final int magnitude;
  private final int fill;
  private final int maskFill;

  private RandomOperations(Ranges ranges, int count, int magnitude, int fill, int maskFill) {
    this.ranges = ranges;
    this.count = count;
    this.magnitude = magnitude;
    this.fill = fill;
    this.maskFill = maskFill;
  }

  /**
   * @param count operations one after the other; the paper's N, 2 for ResNet-50
   * @param magnitude of each, 0 to {@link #GREATEST_MAGNITUDE}; the paper's M, 9 for ResNet-50
   * @param fill grey value 0 to 255 of what is uncovered
   * @param maskFill label of what is uncovered in a label map
   */
  public static RandomOperations randAugment(int count, int magnitude, int fill, int maskFill) {
    if (magnitude < 0 || magnitude > GREATEST_MAGNITUDE) {
      throw new IllegalArgumentException(
          "magnitude is %d, expected 0 to %d".formatted(magnitude, GREATEST_MAGNITUDE));
    }
    return new RandomOperations(RAND_AUGMENT, count, magnitude, fill, maskFill);
  }

  /**
   * @param fill grey value 0 to 255 of what is uncovered
   * @param maskFill label of what is uncovered in a label map
   */
  public static RandomOperations trivialAugment(int fill, int maskFill) {
    return new RandomOperations(TRIVIAL_AUGMENT, 1, ANY_MAGNITUDE, fill, maskFill);
  }

  @Override
  public MaskedPicture apply(MaskedPicture picture, SampleRandom random) {
    MaskedPicture changed = picture;
    for (int i = 0; i < count; i++) {
      Operation operation = OPERATIONS.get(random.nextInt(OPERATIONS.size()));
      int own = magnitude == ANY_MAGNITUDE ? random.nextInt(GREATEST_MAGNITUDE + 1) : magnitude;
      boolean isNegative = random.nextBoolean();
      Strength strength = new RangedStrength(ranges, (double) own / GREATEST_MAGNITUDE, isNegative);
      changed = operation.apply(changed, strength, fill, maskFill);
    }
    return changed;
  }
}
