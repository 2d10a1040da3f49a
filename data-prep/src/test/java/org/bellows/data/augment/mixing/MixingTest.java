// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.augment.mixing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.assertj.core.data.Offset;
import org.bellows.data.random.BetaDistribution;
import org.bellows.data.random.SampleRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every pixel says which sample, channel, row and column it is: what came from where is seen. */
class MixingTest {
  private static final int SAMPLES = 5;
  private static final int CHANNELS = 2;
  private static final int HEIGHT = 6;
  private static final int WIDTH = 9;

  static Mixing[] mixings() {
    return new Mixing[] {
      new Mixup(1),
      new CutMix(1),
      new Ricap(0.3),
      new RandomApply(1, new Mixup(0.2)),
      new RandomChoice(0.5, new CutMix(1), new Mixup(0.8))
    };
  }

  private static MixableBatch batch() {
    float[] pixels = new float[SAMPLES * CHANNELS * HEIGHT * WIDTH];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = i;
    }
    float[] targets = new float[SAMPLES * SAMPLES];
    for (int sample = 0; sample < SAMPLES; sample++) {
      targets[sample * SAMPLES + sample] = 1;
    }
    return new MixableBatch(SAMPLES, CHANNELS, HEIGHT, WIDTH, pixels, targets);
  }

  @ParameterizedTest
  @MethodSource("mixings")
  void isAFunctionOfItsRandomNumbers(Mixing mixing) {
    MixableBatch batch = batch();
    int changed = 0;
    for (int seed = 0; seed < 50; seed++) {
      MixableBatch mixed = mixing.mix(batch, new SampleRandom(seed));
      MixableBatch again = mixing.mix(batch, new SampleRandom(seed));
      assertThat(mixed.pixels()).isEqualTo(again.pixels());
      assertThat(mixed.targets()).isEqualTo(again.targets());
      changed += java.util.Arrays.equals(mixed.pixels(), batch.pixels()) ? 0 : 1;
      for (int sample = 0; sample < SAMPLES; sample++) {
        double sum = 0;
        for (int label = 0; label < SAMPLES; label++) {
          float target = mixed.targets()[sample * SAMPLES + label];
          assertThat(target).isBetween(0f, 1.000001f);
          sum += target;
        }
        assertThat(sum).isCloseTo(1, Offset.offset(1e-6));
      }
    }
    assertThat(changed).isGreaterThan(40);
    assertThat(batch.pixels()).as("what it was given").isEqualTo(batch().pixels());
    assertThat(batch.targets()).isEqualTo(batch().targets());
  }

  @Test
  void mixupFollowsTheFormula() {
    MixableBatch batch = batch();
    MixableBatch mixed = new Mixup(0.7).mix(batch, new SampleRandom(11));
    SampleRandom random = new SampleRandom(11);
    float share = (float) new BetaDistribution(0.7, 0.7).sample(random);
    int[] partners = random.permutation(SAMPLES);
    int length = CHANNELS * HEIGHT * WIDTH;
    for (int sample = 0; sample < SAMPLES; sample++) {
      for (int i = 0; i < length; i++) {
        float own = batch.pixels()[sample * length + i];
        float other = batch.pixels()[partners[sample] * length + i];
        assertThat(mixed.pixels()[sample * length + i])
            .isEqualTo(share * own + (1 - share) * other);
      }
      float expected = share + (partners[sample] == sample ? 1 - share : 0);
      assertThat(mixed.targets()[sample * SAMPLES + sample]).isEqualTo(expected);
    }
  }

  /** Pixels are counted: the labels' shares are exactly the areas. */
  @Test
  void cutMixReplacesOneRectangleAndSharesByArea() {
    for (int seed = 0; seed < 50; seed++) {
      MixableBatch mixed = new CutMix(1).mix(batch(), new SampleRandom(seed));
      SampleRandom random = new SampleRandom(seed);
      double side = Math.sqrt(1 - new BetaDistribution(1, 1).sample(random));
      int centreX = random.nextInt(WIDTH);
      int centreY = random.nextInt(HEIGHT);
      int[] partners = random.permutation(SAMPLES);
      int height = (int) (HEIGHT * side);
      int width = (int) (WIDTH * side);
      for (int sample = 0; sample < SAMPLES; sample++) {
        int replaced = 0;
        for (int row = 0; row < HEIGHT; row++) {
          for (int column = 0; column < WIDTH; column++) {
            int top = centreY - height / 2;
            int left = centreX - width / 2;
            boolean isInside =
                row >= top && row < top + height && column >= left && column < left + width;
            replaced += isInside ? 1 : 0;
            for (int channel = 0; channel < CHANNELS; channel++) {
              int from = isInside ? partners[sample] : sample;
              assertThat(at(mixed, sample, channel, row, column))
                  .isEqualTo(at(batch(), from, channel, row, column));
            }
          }
        }
        float left = 1 - (float) replaced / (HEIGHT * WIDTH);
        float expected = partners[sample] == sample ? 1 : left;
        assertThat(mixed.targets()[sample * SAMPLES + sample])
            .isCloseTo(expected, Offset.offset(1e-6f));
      }
    }
  }

  /** Each patch is a whole piece of one sample; its label has the share of its pixels. */
  @Test
  void ricapPatchesFourAroundOnePoint() {
    for (int seed = 0; seed < 50; seed++) {
      MixableBatch mixed = new Ricap(0.8).mix(batch(), new SampleRandom(seed));
      SampleRandom random = new SampleRandom(seed);
      int pointX = (int) Math.round(WIDTH * new BetaDistribution(0.8, 0.8).sample(random));
      int pointY = (int) Math.round(HEIGHT * new BetaDistribution(0.8, 0.8).sample(random));
      int[][] sources = new int[4][];
      int[] shiftX = new int[4];
      int[] shiftY = new int[4];
      for (int k = 0; k < 4; k++) {
        int width = k % 2 == 0 ? pointX : WIDTH - pointX;
        int height = k < 2 ? pointY : HEIGHT - pointY;
        sources[k] = random.permutation(SAMPLES);
        shiftX[k] = random.nextInt(WIDTH - width + 1) - (k % 2 == 0 ? 0 : pointX);
        shiftY[k] = random.nextInt(HEIGHT - height + 1) - (k < 2 ? 0 : pointY);
      }
      for (int sample = 0; sample < SAMPLES; sample++) {
        float[] shares = new float[SAMPLES];
        for (int row = 0; row < HEIGHT; row++) {
          for (int column = 0; column < WIDTH; column++) {
            int k = (row < pointY ? 0 : 2) + (column < pointX ? 0 : 1);
            shares[sources[k][sample]] += 1f / (HEIGHT * WIDTH);
            assertThat(at(mixed, sample, 1, row, column))
                .isEqualTo(at(batch(), sources[k][sample], 1, row + shiftY[k], column + shiftX[k]));
          }
        }
        for (int label = 0; label < SAMPLES; label++) {
          assertThat(mixed.targets()[sample * SAMPLES + label])
              .isCloseTo(shares[label], Offset.offset(1e-5f));
        }
      }
    }
  }

  @Test
  @SuppressWarnings("ReferenceEquality") // What was not mixed is the same batch.
  void probabilityIsKept() {
    RandomApply half = new RandomApply(0.5, new Mixup(1));
    MixableBatch batch = batch();
    int mixed = 0;
    for (int seed = 0; seed < 1000; seed++) {
      mixed += half.mix(batch, new SampleRandom(seed)) == batch ? 0 : 1;
    }
    assertThat(mixed).isBetween(421, 579);
    assertThat(new RandomApply(0, new Mixup(1)).mix(batch, new SampleRandom(1))).isSameAs(batch);
  }

  /** The draw comes first; what follows is what the chosen one alone would draw. */
  @Test
  void oneOfTwoIsChosenBeforeItDraws() {
    RandomChoice choice = new RandomChoice(0.3, new CutMix(1), new Mixup(0.8));
    int first = 0;
    for (int seed = 0; seed < 1000; seed++) {
      SampleRandom random = new SampleRandom(seed);
      boolean isFirst = random.nextDouble() < 0.3;
      MixableBatch expected = (isFirst ? new CutMix(1) : new Mixup(0.8)).mix(batch(), random);
      MixableBatch mixed = choice.mix(batch(), new SampleRandom(seed));
      assertThat(mixed.pixels()).isEqualTo(expected.pixels());
      assertThat(mixed.targets()).isEqualTo(expected.targets());
      first += isFirst ? 1 : 0;
    }
    assertThat(first).isBetween(228, 372);
  }

  @Test
  void shapesMustFit() {
    assertThatThrownBy(() -> new MixableBatch(2, 1, 2, 2, new float[7], new float[4]))
        .hasMessage("7 pixels and 4 targets for 2 x 1 x 2 x 2");
  }

  private static float at(MixableBatch batch, int sample, int channel, int row, int column) {
    return batch.pixels()[batch.at(sample, channel, row) + column];
  }
}
