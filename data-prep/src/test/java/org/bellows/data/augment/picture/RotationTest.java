// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.augment.picture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.bellows.data.TestImages;
import org.bellows.data.decode.image.RasterImage;
import org.bellows.data.random.SampleRandom;
import org.junit.jupiter.api.Test;

class RotationTest {
  private final RasterImage square = new RasterImage(2, 2, 1, new byte[] {1, 2, 3, 4});

  /** 1 2 over 3 4 turned counter-clockwise is 2 4 over 1 3. */
  @Test
  void quarterTurnByHand() {
    Affine quarter = Affine.rotation(90, 2, 2);
    assertThat(quarter.nearest(square, 9).interleaved()).containsExactly(2, 4, 1, 3);
    assertThat(quarter.bilinear(square, 9).interleaved()).containsExactly(2, 4, 1, 3);
  }

  /** Half a pixel to the right: the mean of neighbours, at the border of the last and the fill. */
  @Test
  void bilinearByHand() {
    RasterImage row = new RasterImage(1, 3, 1, new byte[] {10, 20, 40});
    Affine half = new Affine(1, 0, 0.5, 0, 1, 0);
    assertThat(half.bilinear(row, 100).interleaved()).containsExactly(15, 30, 70);
    assertThat(half.nearest(row, 100).interleaved()).containsExactly(20, 40, 100);
  }

  @Test
  void angleIsUniformAndDrawnOnce() {
    Rotation rotation = new Rotation(30, 128, 0);
    RasterImage picture = TestImages.counting(20, 30, 3);
    RasterImage out =
        rotation.apply(new MaskedPicture(picture, null), new SampleRandom(4)).pixels();
    double degrees = new SampleRandom(4).nextDouble(-30, 30);
    assertThat(out.interleaved())
        .isEqualTo(Affine.rotation(degrees, 20, 30).bilinear(picture, 128).interleaved())
        .isEqualTo(
            rotation
                .apply(new MaskedPicture(picture, null), new SampleRandom(4))
                .pixels()
                .interleaved())
        .isNotEqualTo(picture.interleaved());
  }

  @Test
  void cornersAreFilled() {
    RasterImage white = new RasterImage(10, 10, 3, filled(300, -1));
    RasterImage labels = new RasterImage(10, 10, 1, filled(100, 7));
    boolean isSeen = false;
    for (int seed = 0; seed < 20; seed++) {
      MaskedPicture out =
          new Rotation(45, 50, 3).apply(new MaskedPicture(white, labels), new SampleRandom(seed));
      assertThat(out.pixels().at(5, 5, 1)).isEqualTo(255);
      assertThat(out.mask().at(5, 5, 0)).isEqualTo(7);
      isSeen |= out.pixels().at(0, 0, 2) == 50 && out.mask().at(0, 0, 0) == 3;
    }
    assertThat(isSeen).isTrue();
  }

  @Test
  void labelMapHasThePicturesSize() {
    assertThatThrownBy(() -> new MaskedPicture(square, new RasterImage(2, 1, 1, new byte[2])))
        .hasMessage("a label map of 2 x 1 x 1 for a picture of 2 x 2");
  }

  private static byte[] filled(int length, int value) {
    byte[] bytes = new byte[length];
    java.util.Arrays.fill(bytes, (byte) value);
    return bytes;
  }
}
