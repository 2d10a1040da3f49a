// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.crf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.bellows.conf.CrfSettings;
import org.bellows.conf.load.SettingsLoader;
import org.bellows.data.decode.image.RasterImage;
import org.junit.jupiter.api.Test;

/** The lattice against the exact sum over all pairs of pixels. */
class DenseCrfTest {
  private static final int SIDE = 24;
  private static final int CLASSES = 3;

  /** A left half, a right half and a disc, in colours with noise. */
  private static RasterImage picture(int channels) {
    Random random = new Random(5);
    byte[] values = new byte[SIDE * SIDE * channels];
    for (int pixel = 0; pixel < SIDE * SIDE; pixel++) {
      for (int channel = 0; channel < channels; channel++) {
        int mean = 60 + 70 * truth(pixel) + 10 * channel;
        values[pixel * channels + channel] = (byte) (mean + random.nextInt(7) - 3);
      }
    }
    return new RasterImage(SIDE, SIDE, channels, values);
  }

  private static int truth(int pixel) {
    int row = pixel / SIDE - 12;
    int column = pixel % SIDE - 9;
    return row * row + column * column < 30 ? 2 : pixel % SIDE < 13 ? 0 : 1;
  }

  /** The truth, weak and with noise: about one pixel in five is wrong. */
  private static float[] logits() {
    Random random = new Random(6);
    float[] logits = new float[CLASSES * SIDE * SIDE];
    for (int i = 0; i < logits.length; i++) {
      int pixel = i % (SIDE * SIDE);
      boolean isTrue = truth(pixel) == i / (SIDE * SIDE);
      logits[i] = (float) (random.nextGaussian() + (isTrue ? 2 : 0));
    }
    return logits;
  }

  private static CrfSettings settings(String... values) {
    return new SettingsLoader().set(Arrays.asList(values)).load(List.of(), List.of()).crf();
  }

  private static int wrong(float[] z) {
    int wrong = 0;
    int pixels = SIDE * SIDE;
    for (int pixel = 0; pixel < pixels; pixel++) {
      int best = 0;
      for (int c = 1; c < CLASSES; c++) {
        best = z[c * pixels + pixel] > z[best * pixels + pixel] ? c : best;
      }
      wrong += best == truth(pixel) ? 0 : 1;
    }
    return wrong;
  }

  @Test
  void isNearTheExactSumOverAllPairs() {
    for (int channels : new int[] {1, 3}) {
      for (String pixels : List.of("1", "3")) {
        for (String iterations : List.of("1", "10")) {
          requireNear(
              picture(channels),
              settings("crf.smoothness-pixels=" + pixels, "crf.iterations=" + iterations));
        }
      }
    }
  }

  private static void requireNear(RasterImage picture, CrfSettings settings) {
    float[] refined = new DenseCrf(settings).refined(logits(), CLASSES, picture);
    double[] q = ExactCrf.softmax(ExactCrf.doubles(refined), CLASSES);
    double[] exact = new ExactCrf(settings).probabilities(logits(), CLASSES, picture);
    double sum = 0;
    double most = 0;
    for (int i = 0; i < q.length; i++) {
      sum += Math.abs(q[i] - exact[i]);
      most = Math.max(most, Math.abs(q[i] - exact[i]));
    }
    assertThat(sum / q.length).as("mean difference, %s", settings).isLessThan(0.004);
    assertThat(most).as("largest difference, %s", settings).isLessThan(0.1);
  }

  @Test
  void putsWrongPixelsRight() {
    assertThat(wrong(logits())).isGreaterThan(60);
    assertThat(wrong(new DenseCrf(settings()).refined(logits(), CLASSES, picture(3))))
        .isLessThan(5);
  }

  @Test
  void givesTheSameBitsEveryTimeAndLeavesItsInputAlone() {
    float[] logits = logits();
    DenseCrf crf = new DenseCrf(settings());
    float[] first = crf.refined(logits, CLASSES, picture(3));
    assertThat(logits).isEqualTo(logits());
    assertThat(crf.refined(logits, CLASSES, picture(3))).isEqualTo(first);
  }

  @Test
  void withoutWeightsAnswersStayAsTheyAre() {
    CrfSettings settings = settings("crf.appearance-weight=0", "crf.smoothness-weight=0");
    float[] refined = new DenseCrf(settings).refined(logits(), CLASSES, picture(3));
    double[] q = ExactCrf.softmax(ExactCrf.doubles(refined), CLASSES);
    double[] before = ExactCrf.softmax(ExactCrf.doubles(logits()), CLASSES);
    for (int i = 0; i < q.length; i++) {
      assertThat(q[i]).isCloseTo(before[i], within(1e-5));
    }
  }

  @Test
  void aLogitThatIsNotFiniteDoesNotSpread() {
    float[] logits = logits();
    logits[17] = Float.NaN;
    assertThat(new DenseCrf(settings()).refined(logits, CLASSES, picture(3))).isSameAs(logits);
  }

  @Test
  void refusesAPictureOfAnotherSize() {
    DenseCrf crf = new DenseCrf(settings());
    assertThatThrownBy(() -> crf.refined(new float[12], CLASSES, picture(3)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("12 logits of 3 classes for a picture of 24 x 24");
  }

  @Test
  void aConstantStaysConstantAndManyChannelsAreFilteredLikeFew() {
    Random random = new Random(7);
    float[] features = new float[2 * 500];
    for (int i = 0; i < features.length; i++) {
      features[i] = random.nextFloat() * 9;
    }
    PermutohedralLattice lattice = new PermutohedralLattice(features, 2);
    float[] values = new float[19 * 500];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat();
    }
    float[] together = lattice.filter(values);
    for (int c = 0; c < 19; c++) {
      float[] one = new float[500];
      System.arraycopy(values, c * 500, one, 0, 500);
      float[] alone = lattice.filter(one);
      for (int i = 0; i < 500; i++) {
        assertThat(alone[i]).isEqualTo(together[c * 500 + i]);
      }
    }
  }
}
