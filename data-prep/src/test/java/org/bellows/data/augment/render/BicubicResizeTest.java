// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.augment.render;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.stream.IntStream;
import org.bellows.data.decode.OpenCv.Region;
import org.bellows.data.decode.image.RasterImage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Pillow 9.4.0 (PIL) computed the expected bytes: {@code Image.crop((left, top, left + width, top +
 * height)).resize((to width, to height), Image.BICUBIC).tobytes()}.
 */
class BicubicResizeTest {
  private static final int HEIGHT = 47;
  private static final int WIDTH = 61;

  /** Edges everywhere: overshooting values are cut to 0 and 255. */
  private static RasterImage picture(int channels) {
    byte[] values = new byte[HEIGHT * WIDTH * channels];
    for (int i = 0; i < values.length; i++) {
      int channel = i % channels;
      int column = i / channels % WIDTH;
      int row = i / channels / WIDTH;
      values[i] = (byte) (column * column * 7 + row * 13 + channel * 91 + column * row * 5);
    }
    return new RasterImage(HEIGHT, WIDTH, channels, values);
  }

  /** Top, left, height, width of the region; height and width of the result; SHA-256 begins so. */
  @ParameterizedTest
  @CsvSource({
    "0, 0, 47, 61, 20, 20, eb8d25175be5f100, 6bf986a4e2f94632",
    "0, 0, 47, 61, 100, 90, d4ca47840258b3c1, b05eca2ef55b64a6",
    "5, 7, 30, 41, 30, 16, b4b16e838d6ea2db, 4e9b02496de33ccd",
    "3, 2, 1, 9, 8, 8, fae7ab1c2220746e, a6f3b6f4c5dba2ff",
    "0, 0, 47, 61, 1, 1, b5e2aa8100ce7e13, 5ee0dd4d4840229f",
    "10, 20, 20, 20, 20, 33, c5cb64c43fa17f6c, 7de81dd87dbe8534",
    "1, 1, 40, 50, 3, 200, c2b24cd61109397e, bbbafd07e80b446a"
  })
  void hasPillowsBits(
      int top, int left, int height, int width, int toHeight, int toWidth, String rgb, String grey)
      throws NoSuchAlgorithmException {
    Region region = new Region(top, left, height, width);
    assertThat(sha256(BicubicResize.resize(picture(3), region, toHeight, toWidth))).startsWith(rgb);
    assertThat(sha256(BicubicResize.resize(picture(1), region, toHeight, toWidth)))
        .startsWith(grey);
  }

  private static String sha256(RasterImage picture) throws NoSuchAlgorithmException {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(picture.interleaved()));
  }

  @Test
  void hasPillowsNumbers() {
    RasterImage resized = BicubicResize.resize(picture(3), new Region(3, 5, 7, 8), 3, 4);
    int[] values = IntStream.range(0, 36).map(i -> resized.interleaved()[i] & 0xFF).toArray();
    assertThat(values)
        .containsExactly(
            111, 121, 150, 129, 135, 127, 140, 123, 114, 101, 134, 116, 161, 125, 124, 152, 113,
            145, 139, 146, 128, 153, 113, 130, 114, 112, 116, 108, 139, 121, 126, 105, 147, 132,
            129, 126);
  }

  /** The kernel is 1 in the middle and 0 at whole numbers. */
  @Test
  void ofTheSameSizeIsTheRegion() {
    RasterImage same = BicubicResize.resize(picture(3), new Region(0, 0, HEIGHT, WIDTH), 47, 61);
    assertThat(same.interleaved()).isEqualTo(picture(3).interleaved());
  }
}
