// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.models.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PixelLossTest {
  private static final PixelLoss PLAIN = PixelLoss.crossEntropy(1);

  /** With p = (1/4, 3/4) at the first pixel and (1/2, 1/2) at the second, by class. */
  private static float[] logits() {
    return new float[] {0, 1, (float) Math.log(3), 1};
  }

  private static float[] gradient(PixelLoss loss, float[] z, int classes, float... targets) {
    loss.toGradientInPlace(z, classes, targets, 0);
    return z;
  }

  private static double loss(PixelLoss loss, float[] z, int classes, float... targets) {
    return loss.toGradientInPlace(z.clone(), classes, targets, 0);
  }

  /** 2 * -log(1/4) + 3 * -log(1/2), and w * (p - target). */
  @Test
  void crossEntropyIsWeightedAtEachPixel() {
    float[] targets = {0, 1, 2, 3};
    assertThat(loss(PLAIN, logits(), 2, targets))
        .isEqualTo(2 * Math.log(4) + 3 * Math.log(2), within(1e-6));
    assertThat(gradient(PLAIN, logits(), 2, targets))
        .containsExactly(new float[] {-1.5f, 1.5f, 1.5f, -1.5f}, within(1e-6f));
    assertThat(loss(PLAIN.times(0.4), logits(), 2, targets))
        .isEqualTo(0.4 * (2 * Math.log(4) + 3 * Math.log(2)), within(1e-6));
  }

  /** What the answer to a void pixel is says nothing, with whatever label. */
  @Test
  void pixelsWithoutWeightCountNowhere() {
    for (PixelLoss each : new PixelLoss[] {PLAIN, new PixelLoss(1, 1, 2, 0.5, 1, 1)}) {
      float[] gradient = gradient(each, logits(), 2, 0, 0, 1, 0);
      assertThat(gradient[1]).isZero();
      assertThat(gradient[3]).isZero();
      assertThat(loss(each, logits(), 2, 0, 0, 1, 0))
          .isEqualTo(loss(each, new float[] {0, (float) Math.log(3)}, 2, 0, 1), within(1e-6));
    }
    assertThat(loss(PLAIN, logits(), 2, 0, 1, 1, 0)).isEqualTo(Math.log(4), within(1e-6));
  }

  /** A crop of void alone: torch.nn.functional.cross_entropy gives NaN there. */
  @Test
  void aPictureOfVoidAloneHasNoLossAndNoGradient() {
    PixelLoss all = new PixelLoss(1, 1, 2, 0.5, 1, 1);
    assertThat(loss(all, logits(), 2, 0, 0, 0, 0)).isZero();
    assertThat(gradient(all, logits(), 2, 0, 0, 0, 0)).containsOnly(0);
  }

  /** (1 - 1/4)^2 * -log(1/4). */
  @Test
  void focalLossCountsSurePixelsLess() {
    PixelLoss focal = new PixelLoss(1, 1, 2, 1, 0, 0);
    assertThat(loss(focal, logits(), 2, 0, 0, 1, 0))
        .isEqualTo(9.0 / 16 * Math.log(4), within(1e-6));
    assertThat(loss(focal, new float[] {100, 0}, 2, 0, 1)).isZero();
    assertThat(gradient(new PixelLoss(1, 1, 0.5, 1, 0, 0), new float[] {100, 0}, 2, 0, 1))
        .containsOnly(0);
  }

  /**
   * Class 0 has the first pixel, class 1 the second. Of class 0: I = 1/4, P = 3/4, G = 1; of class
   * 1: I = 1/2, P = 5/4, G = 1.
   */
  @Test
  void diceComparesRegions() {
    PixelLoss dice = new PixelLoss(1, 0, 0, 1, 1, 0);
    double first = 1 - 1.5 / 2.75;
    double second = 1 - 2 / 3.25;
    assertThat(loss(dice, logits(), 2, 0, 1, 1, 1)).isEqualTo((first + second) / 2, within(1e-6));
    // A class that the picture has not is left out.
    assertThat(loss(dice, logits(), 2, 0, 0, 1, 1)).isEqualTo(1 - 2.5 / 3.75, within(1e-6));
  }

  /**
   * Of class 0 errors are 3/4 (its own pixel) and 1/2: J = 1 - 0/1 = 1 after the first, 1 after
   * both. Of class 1 they are 3/4 (another's) and 1/2 (its own): J = 1 - 1/2, then 1.
   */
  @Test
  void lovaszFollowsTheJaccardIndex() {
    PixelLoss lovasz = new PixelLoss(1, 0, 0, 1, 0, 1);
    double first = 0.75;
    double second = 0.25 / 2 + 0.5 / 2 + 0.5 / 2;
    assertThat(loss(lovasz, logits(), 2, 0, 1, 1, 1)).isEqualTo((first + second) / 2, within(1e-6));
  }

  /**
   * Three pixels with p = 1/2, one with p = 1/4, one void: of half of four the two of most loss.
   */
  @Test
  void hardPixelsAreThoseOfMostLossAndOfEqualOnesTheFirst() {
    PixelLoss hard = new PixelLoss(1, 1, 0, 0.5, 0, 0);
    float[] z = {0, 0, 0, 0, 0, 0, 0, 0, (float) Math.log(3), 0};
    float[] targets = {0, 0, 0, 0, 0, 0, 1, 1, 1, 1};
    assertThat(loss(hard, z, 2, targets)).isEqualTo(2 * (Math.log(4) + Math.log(2)), within(1e-6));
    assertThat(gradient(hard, z.clone(), 2, targets))
        .containsExactly(new float[] {0, -1, 0, -1.5f, 0, 0, 1, 0, 1.5f, 0}, within(1e-6f));
    PixelLoss one = new PixelLoss(1, 1, 0, 0.25, 0, 0);
    assertThat(loss(one, new float[] {0, 0, 0, 0}, 1, 0, 0, 0, 0, 1, 1, 1, 1)).isZero();
  }

  static Stream<PixelLoss> losses() {
    return Stream.of(
        PLAIN,
        new PixelLoss(0.4, 1, 0, 1, 0, 0),
        new PixelLoss(1, 1, 2, 1, 0, 0),
        new PixelLoss(1, 1, 0.5, 1, 0, 0),
        new PixelLoss(1, 1, 0, 0.3, 0, 0),
        new PixelLoss(1, 0, 0, 1, 1, 0),
        new PixelLoss(1, 0, 0, 1, 0, 1),
        new PixelLoss(0.5, 1, 2, 0.5, 2, 3));
  }

  /** More pixels than a block has, with void among them; along the gradient's own direction. */
  @ParameterizedTest
  @MethodSource("losses")
  void gradientIsThatOfDifferences(PixelLoss loss) {
    int classes = 5;
    int pixels = 700;
    SplittableRandom random = new SplittableRandom(3);
    float[] z = new float[classes * pixels];
    float[] targets = new float[2 * pixels];
    for (int i = 0; i < z.length; i++) {
      z[i] = (float) (random.nextDouble() * 4 - 2);
    }
    for (int i = 0; i < pixels; i++) {
      targets[i] = random.nextInt(classes - 1);
      targets[pixels + i] = random.nextInt(4) == 0 ? 0 : (float) random.nextDouble() / 10;
    }
    float[] gradient = gradient(loss, z.clone(), classes, targets);
    double norm = 0;
    for (float slope : gradient) {
      norm += (double) slope * slope;
    }
    assertThat(norm).isPositive();
    float step = (float) (0.02 / Math.sqrt(norm));
    float[] before = z.clone();
    float[] after = z.clone();
    double expected = 0;
    for (int i = 0; i < z.length; i++) {
      before[i] -= step * gradient[i];
      after[i] += step * gradient[i];
      expected += (double) gradient[i] * (after[i] - before[i]);
    }
    double difference = loss(loss, after, classes, targets) - loss(loss, before, classes, targets);
    assertThat(difference).isEqualTo(expected, within(5e-3 * expected));
  }

  @Test
  void exponentialAndLogarithmAreThoseOfJava() {
    for (float x = 0; x > -86; x -= 0.01f) {
      double exact = StrictMath.exp(x);
      assertThat(Math.abs(PixelSoftmax.exp(x) - exact)).as("%s", x).isLessThan(3e-7 * exact);
    }
    assertThat(PixelSoftmax.exp(-1000)).isZero();
    assertThat(PixelSoftmax.exp(Float.NaN)).isNaN();
    for (float x = 1; x < 1e6; x *= 1.01f) {
      assertThat(PixelSoftmax.log(x)).isEqualTo(StrictMath.log(x), within(1e-8));
    }
    assertThat(PixelSoftmax.log(Float.NaN)).isNaN();
  }

  @Test
  void probabilitiesSumToOneAndWhatIsNotFiniteIsSeen() {
    float[] z = {1000, -1000, 3, 0, 0, Float.NaN};
    PixelSoftmax.applyInPlace(z, 2);
    assertThat(z[0]).isEqualTo(1);
    assertThat(z[1] + z[4]).isEqualTo(1);
    assertThat(z[5]).isNaN();
    assertThat(loss(PLAIN, new float[] {Float.POSITIVE_INFINITY, 0}, 2, 0, 1)).isNaN();
  }

  /** Of labels that the answer leaves no probability, the loss is finite and the gradient whole. */
  @Test
  void probabilitiesGiveTheLossAndGradientOfTheirLogits() {
    PixelLoss all = new PixelLoss(1, 1, 2, 0.5, 1, 1);
    float[] targets = {0, 1, 2, 3};
    for (PixelLoss each : new PixelLoss[] {PLAIN, all}) {
      float[] p = logits();
      PixelSoftmax.applyInPlace(p, 2);
      assertThat(each.probabilitiesToGradientInPlace(p, 2, targets, 0))
          .isEqualTo(loss(each, logits(), 2, targets), within(1e-6));
      assertThat(p).containsExactly(gradient(each, logits(), 2, targets), within(1e-6f));
    }
    float[] certain = {0, 1};
    assertThat(PLAIN.probabilitiesToGradientInPlace(certain, 2, new float[] {0, 1}, 0))
        .isEqualTo(-Math.log(Float.MIN_NORMAL), within(1e-4));
    assertThat(certain).containsExactly(-1, 1);
    float[] unknown = {Float.NaN, Float.NaN};
    assertThat(PLAIN.probabilitiesToGradientInPlace(unknown, 2, new float[] {0, 1}, 0)).isNaN();
  }
}
