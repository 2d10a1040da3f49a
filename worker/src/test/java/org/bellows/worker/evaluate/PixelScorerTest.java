// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.bellows.data.decode.image.RasterImage;
import org.bellows.models.layer.LayerShape.FeatureMap;
import org.bellows.worker.evaluate.PixelScorer.PictureScore;
import org.bellows.worker.evaluate.metric.ConfusionCounts;
import org.junit.jupiter.api.Test;

class PixelScorerTest {
  private static final PixelScorer SCORER = new PixelScorer(2);

  private static RasterImage truth(int height, int width, int... labels) {
    byte[] bytes = new byte[labels.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) labels[i];
    }
    return new RasterImage(height, width, 1, bytes);
  }

  private static PictureScore score(float[] logits, FeatureMap map, RasterImage truth) {
    return SCORER.score(logits, map, truth);
  }

  /** Of equal logits the lower label; the void pixel's answer is free. */
  @Test
  void voidIsLeftOutAndTiesGoToTheLowerLabel() {
    float[] logits = {1, 0, 2, 5, /* class 1 */ 1, 1, 1, 9};
    PictureScore score = score(logits, new FeatureMap(2, 2, 2), truth(2, 2, 0, 1, 1, 255));
    assertThat(score.confusion()).isEqualTo(ConfusionCounts.of(new long[][] {{1, 0}, {1, 1}}));
    double first = Math.log(2);
    double second = Math.log(1 + Math.exp(-1));
    double third = 1 + Math.log(1 + Math.exp(-1));
    assertThat(score.loss()).isEqualTo((first + second + third) / 3, within(1e-6));
  }

  /**
   * A row of two logits on five pixels, as torch.nn.functional.interpolate(align_corners=False) has
   * it: 0 0.2 1 1.8 2 of 0 and 2. Class 1 has 0.9 everywhere.
   */
  @Test
  void logitsAreResampledAndNotLabels() {
    float[] logits = {0, 2, /* class 1 */ 0.9f, 0.9f};
    PictureScore score = score(logits, new FeatureMap(2, 1, 2), truth(1, 5, 1, 1, 0, 0, 0));
    assertThat(score.confusion()).isEqualTo(ConfusionCounts.of(new long[][] {{3, 0}, {0, 2}}));
    double expected = 0;
    double[] differences = {0.9, 0.7, 0.1, 0.9, 1.1};
    for (double difference : differences) {
      expected += Math.log(1 + Math.exp(-difference));
    }
    assertThat(score.loss()).isEqualTo(expected / 5, within(1e-6));
  }

  /** The middle of a square does not move, whatever the sizes are. */
  @Test
  void nothingIsShifted() {
    for (int side = 8; side < 16; side++) {
      float[] logits = new float[2 * 8 * 8];
      for (int row = 3; row < 5; row++) {
        logits[64 + row * 8 + 3] = 2;
        logits[64 + row * 8 + 4] = 2;
      }
      for (int i = 0; i < 64; i++) {
        logits[i] = 1;
      }
      int[] labels = new int[side * side];
      for (int i = 0; i < labels.length; i++) {
        int mirrored = labels.length - 1 - i;
        labels[i] = i < mirrored ? 0 : 1;
      }
      ConfusionCounts counts =
          score(logits, new FeatureMap(2, 8, 8), truth(side, side, labels)).confusion();
      assertThat(counts.count(0, 1)).as("pixels above the middle of %d", side).isPositive();
      assertThat(Math.abs(counts.count(0, 1) - counts.count(1, 1))).isLessThanOrEqualTo(1);
    }
  }

  @Test
  void aPictureOfVoidAloneHasNoLossAndNoCounts() {
    PictureScore score = score(new float[2], new FeatureMap(2, 1, 1), truth(1, 2, 255, 255));
    assertThat(score.loss()).isZero();
    assertThat(score.confusion()).isEqualTo(ConfusionCounts.of(new long[2][2]));
  }

  @Test
  void answersThatAreNotFiniteAreOfNoClass() {
    float[] logits = {Float.NaN, 1};
    PictureScore score = score(logits, new FeatureMap(2, 1, 1), truth(1, 1, 0));
    assertThat(score.confusion().notFinite()).isEqualTo(1);
    assertThat(score.loss()).isNaN();
  }

  @Test
  void aLabelThatIsNoClassIsRefused() {
    assertThatThrownBy(() -> score(new float[2], new FeatureMap(2, 1, 1), truth(1, 1, 2)))
        .hasMessage("a pixel has the label 2, allowed: 0 to 1, or 255 (void)");
  }
}
