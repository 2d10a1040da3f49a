// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.augment.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.bellows.data.TestImages;
import org.bellows.data.decode.image.RasterImage;
import org.bellows.data.random.SampleRandom;
import org.junit.jupiter.api.Test;

class ElasticTest {
  private static final Elastic ELASTIC = new Elastic(5, 77, 255);

  private static MaskedPicture picture() {
    return new MaskedPicture(TestImages.counting(9, 11, 3), TestImages.counting(9, 11, 1));
  }

  /** Catmull-Rom by hand, half way between the first two points: -1/16, 9/16 twice, -1/16. */
  @Test
  void weightsAreThoseOfTheCubic() {
    double[][] weights = Elastic.weights(5);
    assertThat(weights[0]).containsExactly(1, 0, 0);
    assertThat(weights[1][0]).isCloseTo(-1.0 / 16 + 9.0 / 16, within(1e-15));
    assertThat(weights[1][1]).isCloseTo(9.0 / 16, within(1e-15));
    assertThat(weights[1][2]).isCloseTo(-1.0 / 16, within(1e-15));
    assertThat(weights[2]).containsExactly(0, 1, 0);
    assertThat(weights[4][2]).isCloseTo(1, within(1e-15));
    for (double[] ofPixel : Elastic.weights(100)) {
      assertThat(ofPixel[0] + ofPixel[1] + ofPixel[2]).isCloseTo(1, within(1e-12));
    }
  }

  /** One displacement everywhere moves the whole picture. */
  @Test
  void equalDisplacementsAreAShift() {
    double[] two = {2, 2, 2, 2, 2, 2, 2, 2, 2};
    double[] minusThree = {-3, -3, -3, -3, -3, -3, -3, -3, -3};
    MaskedPicture moved = ELASTIC.deformed(picture(), two, minusThree);
    for (int row = 0; row < 9; row++) {
      for (int column = 0; column < 11; column++) {
        boolean isInside = row + 2 < 9 && column - 3 >= 0;
        RasterImage pixels = picture().pixels();
        assertThat(moved.pixels().at(row, column, 1))
            .isEqualTo(isInside ? pixels.at(row + 2, column - 3, 1) : 77);
        assertThat(moved.mask().at(row, column, 0))
            .isEqualTo(isInside ? picture().mask().at(row + 2, column - 3, 0) : 255);
      }
    }
  }

  /** A displacement of a quarter is a mixture in the picture and none in the label map. */
  @Test
  void thePictureIsInterpolatedAndTheLabelsAreNot() {
    double[] none = new double[9];
    double[] quarter = {.25, .25, .25, .25, .25, .25, .25, .25, .25};
    RasterImage grey = new RasterImage(1, 3, 1, new byte[] {0, 100, 20});
    RasterImage mask = new RasterImage(1, 3, 1, new byte[] {4, 5, 6});
    MaskedPicture moved = ELASTIC.deformed(new MaskedPicture(grey, mask), none, quarter);
    assertThat(moved.pixels().interleaved()).containsExactly(25, 80, 34);
    assertThat(moved.mask().interleaved()).containsExactly(4, 5, 6);
  }

  @Test
  void equalSeedsDeformAlike() {
    RasterImage first = ELASTIC.apply(picture(), new SampleRandom(3)).pixels();
    assertThat(ELASTIC.apply(picture(), new SampleRandom(3)).pixels().interleaved())
        .isEqualTo(first.interleaved())
        .isNotEqualTo(ELASTIC.apply(picture(), new SampleRandom(4)).pixels().interleaved())
        .isNotEqualTo(picture().pixels().interleaved());
    MaskedPicture bare = new MaskedPicture(picture().pixels(), null);
    assertThat(ELASTIC.apply(bare, new SampleRandom(3)).pixels().interleaved())
        .isEqualTo(first.interleaved());
  }
}
