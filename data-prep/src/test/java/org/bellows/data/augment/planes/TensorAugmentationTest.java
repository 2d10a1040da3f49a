// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.augment.planes;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Offset;
import org.bellows.data.augment.planes.RandomErasing.Fill;
import org.bellows.data.random.SampleRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TensorAugmentationTest {
  private static final int HEIGHT = 12;
  private static final int WIDTH = 17;
  private static final int AREA = HEIGHT * WIDTH;

  /** What must not be touched lies before and behind. */
  private static final int OFFSET = 5;

  private static final float UNTOUCHED = 77;

  private final Normalizer normaliser =
      new Normalizer(new float[] {0.5f, 0.4f, 0.3f}, new float[] {0.25f, 0.2f, 0.5f});

  /**
   * a = (1, -2, 0.5): red -0.5675 * 0.2175 + 0.7192 * -2 * 0.0188 + 0.4009 * 0.5 * 0.0045 =
   * -0.1234313 - 0.0270419 + 0.0009020, green -0.5808 * 0.2175 + 0.0045 * 2 * 0.0188 - 0.8140 * 0.5
   * * 0.0045 = -0.1263240 + 0.0001692 - 0.0018315, blue -0.5836 * 0.2175 + 0.6948 * 2 * 0.0188 +
   * 0.4203 * 0.5 * 0.0045 = -0.1269330 + 0.0261245 + 0.0009457.
   */
  @Test
  void lightingByHand() {
    double[] weights = {1, -2, 0.5};
    assertThat(Lighting.shift(0, weights)).isCloseTo(-0.1495712, Offset.offset(1e-6));
    assertThat(Lighting.shift(1, weights)).isCloseTo(-0.1279863, Offset.offset(1e-6));
    assertThat(Lighting.shift(2, weights)).isCloseTo(-0.0998628, Offset.offset(1e-6));
  }

  /** The eigenvectors are orthonormal, as far as four digits go. */
  @Test
  void componentsAreOrthonormal() {
    double[] eigenvalues = {0.2175, 0.0188, 0.0045};
    for (int i = 0; i < 3; i++) {
      for (int j = 0; j < 3; j++) {
        double product = 0;
        for (int channel = 0; channel < 3; channel++) {
          product += component(channel, i, eigenvalues) * component(channel, j, eigenvalues);
        }
        assertThat(product).isCloseTo(i == j ? 1 : 0, Offset.offset(2e-4));
      }
    }
  }

  private static double component(int channel, int index, double[] eigenvalues) {
    double[] weights = new double[3];
    weights[index] = 1;
    return Lighting.shift(channel, weights) / eigenvalues[index];
  }

  @Test
  void lightingAddsOneVectorToEveryPixel() {
    float[] out = apply(new Lighting(0.1, normaliser), 8);
    SampleRandom random = new SampleRandom(8);
    double[] weights = new double[3];
    for (int i = 0; i < 3; i++) {
      weights[i] = 0.1 * random.nextGaussian();
    }
    float[] deviations = {0.25f, 0.2f, 0.5f};
    for (int channel = 0; channel < 3; channel++) {
      float added = (float) (Lighting.shift(channel, weights) / deviations[channel]);
      for (int i = 0; i < AREA; i++) {
        assertThat(out[OFFSET + channel * AREA + i])
            .isEqualTo(input()[OFFSET + channel * AREA + i] + added);
      }
    }
    assertDrawn(new Lighting(0.1, normaliser));
  }

  @Test
  void cutoutIsASquareAroundTheCentreDrawn() {
    for (int seed = 0; seed < 50; seed++) {
      float[] out = apply(new Cutout(5), seed);
      SampleRandom random = new SampleRandom(seed);
      int centreRow = random.nextInt(HEIGHT);
      int centreColumn = random.nextInt(WIDTH);
      for (int i = 0; i < 3 * AREA; i++) {
        int row = i % AREA / WIDTH;
        int column = i % WIDTH;
        boolean isInside = Math.abs(row - centreRow) <= 2 && Math.abs(column - centreColumn) <= 2;
        assertThat(out[OFFSET + i]).isEqualTo(isInside ? 0 : input()[OFFSET + i]);
      }
    }
    assertDrawn(new Cutout(5));
  }

  @ParameterizedTest
  @EnumSource(Fill.class)
  void erasesTheRectangleOfTheFormula(Fill fill) {
    RandomErasing erasing = new RandomErasing(1, 0.1, 0.3, 0.5, fill, normaliser);
    float[] out = apply(erasing, 3);
    // Seed 3 through the paper's algorithm, with its names.
    SampleRandom random = new SampleRandom(3);
    random.nextDouble();
    int he;
    int we;
    int xe;
    int ye;
    do {
      double se = AREA * random.nextDouble(0.1, 0.3);
      double re = random.nextDouble(0.5, 2);
      he = (int) Math.round(Math.sqrt(se * re));
      we = (int) Math.round(Math.sqrt(se / re));
      xe = random.nextInt(WIDTH);
      ye = random.nextInt(HEIGHT);
    } while (xe + we > WIDTH || ye + he > HEIGHT);
    for (int i = 0; i < 3 * AREA; i++) {
      int channel = i / AREA;
      int row = i % AREA / WIDTH;
      int column = i % WIDTH;
      boolean isInside = row >= ye && row < ye + he && column >= xe && column < xe + we;
      float expected = isInside ? filled(fill, channel, random) : input()[OFFSET + i];
      assertThat(out[OFFSET + i]).isEqualTo(expected);
    }
    assertDrawn(erasing);
  }

  /** In the order of channels and rows; mean 0.5, 0.4, 0.3 and deviation 0.25, 0.2, 0.5. */
  private static float filled(Fill fill, int channel, SampleRandom random) {
    float[] mean = {0.5f, 0.4f, 0.3f};
    float[] deviation = {0.25f, 0.2f, 0.5f};
    return switch (fill) {
      case MEAN -> 0;
      case BLACK -> -mean[channel] / deviation[channel];
      case WHITE -> (1 - mean[channel]) / deviation[channel];
      case RANDOM -> (random.nextInt(256) / 255f - mean[channel]) / deviation[channel];
    };
  }

  @Test
  void erasesAsOftenAsAsked() {
    RandomErasing erasing = new RandomErasing(0.5, 0.02, 0.4, 0.3, Fill.MEAN, normaliser);
    int erased = 0;
    for (int seed = 0; seed < 1000; seed++) {
      erased += java.util.Arrays.equals(apply(erasing, seed), input()) ? 0 : 1;
    }
    // 500 +- 5 standard deviations of 15.8
    assertThat(erased).isBetween(421, 579);
  }

  private void assertDrawn(TensorAugmentation augmentation) {
    float[] out = apply(augmentation, 3);
    assertThat(out).isEqualTo(apply(augmentation, 3)).isNotEqualTo(input());
    assertThat(out).isNotEqualTo(apply(augmentation, 4));
    for (int i = 0; i < OFFSET; i++) {
      assertThat(out[i]).isEqualTo(UNTOUCHED);
      assertThat(out[out.length - 1 - i]).isEqualTo(UNTOUCHED);
    }
  }

  private static float[] apply(TensorAugmentation augmentation, long seed) {
    float[] values = input();
    augmentation.applyInPlace(
        new ChannelPlanes(values, OFFSET, 3, HEIGHT, WIDTH), new SampleRandom(seed));
    return values;
  }

  private static float[] input() {
    float[] values = new float[3 * AREA + 2 * OFFSET];
    java.util.Arrays.fill(values, UNTOUCHED);
    for (int i = 0; i < 3 * AREA; i++) {
      values[OFFSET + i] = 1 + i / 1000f;
    }
    return values;
  }
}
