// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.worker.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.bellows.data.decode.image.RasterImage;
import org.bellows.worker.evaluate.PixelScorer.PictureScore;
import org.bellows.worker.evaluate.metric.ConfusionCounts;
import org.bellows.worker.segment.ClassScores;
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

  /**
   * @param classes scores of each class's pixels
   */
  private static PictureScore score(RasterImage truth, float[]... classes) {
    return SCORER.score(new GivenScores(truth.height(), truth.width(), classes), truth);
  }

  private record GivenScores(int height, int width, float[]... values) implements ClassScores {
    @Override
    public int classes() {
      return values.length;
    }

    @Override
    public void row(int row, float[] out) {
      for (int c = 0; c < values.length; c++) {
        System.arraycopy(values[c], row * width, out, c * width, width);
      }
    }
  }

  /** Of equal logits the lower label; the void pixel's answer is free. */
  @Test
  void voidIsLeftOutAndTiesGoToTheLowerLabel() {
    PictureScore score =
        score(truth(2, 2, 0, 1, 1, 255), new float[] {1, 0, 2, 5}, new float[] {1, 1, 1, 9});
    assertThat(score.counts().confusion())
        .isEqualTo(ConfusionCounts.of(new long[][] {{1, 0}, {1, 1}}));
    assertThat(score.counts().voidPixels()).isEqualTo(1);
    assertThat(score.answer()).containsExactly(0, 1, 0, 1);
    double first = Math.log(2);
    double second = Math.log(1 + Math.exp(-1));
    double third = 1 + Math.log(1 + Math.exp(-1));
    assertThat(score.counts().loss()).isEqualTo((first + second + third) / 3, within(1e-6));
  }

  @Test
  void aPictureOfVoidAloneHasNoLossAndNoCounts() {
    PictureScore score = score(truth(1, 2, 255, 255), new float[2], new float[2]);
    assertThat(score.counts().loss()).isZero();
    assertThat(score.counts().confusion()).isEqualTo(ConfusionCounts.of(new long[2][2]));
  }

  @Test
  void answersThatAreNotFiniteAreOfNoClass() {
    PictureScore score = score(truth(1, 1, 0), new float[] {Float.NaN}, new float[] {1});
    assertThat(score.counts().confusion().notFinite()).isEqualTo(1);
    assertThat(score.counts().loss()).isNaN();
  }

  @Test
  void aLabelThatIsNoClassIsRefused() {
    assertThatThrownBy(() -> score(truth(1, 1, 2), new float[1], new float[1]))
        .hasMessage("a pixel has the label 2, allowed: 0 to 1, or 255 (void)");
  }
}
