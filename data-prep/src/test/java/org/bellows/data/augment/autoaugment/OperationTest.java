// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.augment.autoaugment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.bellows.data.TestImages;
import org.bellows.data.decode.image.RasterImage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The expected pictures were computed with Pillow 9.4.0 (PIL) from {@link #PICTURE}: {@code
 * Image.transform(size, AFFINE, ..., NEAREST, fillcolor=(128,) * 3)}, {@code Image.rotate}, {@code
 * ImageOps.*} and {@code ImageEnhance.*.enhance(0.1 + 1.8 * magnitude / 9)}.
 */
class OperationTest {
  /** 3 x 4, red, green, blue. */
  private static final String PICTURE =
      "10 200 30  90 60 120  255 0 128  40 40 41 "
          + "7 77 177  100 150 200  33 66 99  250 240 230 "
          + "0 0 0  12 34 56  210 20 120  64 128 192";

  private static final double TRANSLATION = 10.0 / 32;

  @ParameterizedTest
  @CsvSource({
    "SHEAR_X, 9, false, 10 200 30 90 60 120 255 0 128 40 40 41 7 77 177 100 150 200 33 66 99 250"
        + " 240 230 12 34 56 210 20 120 64 128 192 128 128 128",
    "SHEAR_Y, 9, true, 10 200 30 90 60 120 128 128 128 128 128 128 7 77 177 100 150 200 255 0 128"
        + " 40 40 41 0 0 0 12 34 56 33 66 99 250 240 230",
    "TRANSLATE_X, 9, false, 90 60 120 255 0 128 40 40 41 128 128 128 100 150 200 33 66 99 250 240"
        + " 230 128 128 128 12 34 56 210 20 120 64 128 192 128 128 128",
    "ROTATE, 9, false, 128 128 128 255 0 128 255 0 128 250 240 230 10 200 30 100 150 200 33 66 99"
        + " 64 128 192 7 77 177 12 34 56 12 34 56 128 128 128",
    "AUTO_CONTRAST, 0, false, 10 212 33 90 63 133 255 0 141 40 42 45 7 81 196 100 159 221 33 70 109"
        + " 250 255 255 0 0 0 12 36 62 210 21 133 64 136 212",
    "INVERT, 0, false, 245 55 225 165 195 135 0 255 127 215 215 214 248 178 78 155 105 55 222 189"
        + " 156 5 15 25 255 255 255 243 221 199 45 235 135 191 127 63",
    "SOLARIZE, 5, false, 10 55 30 90 60 135 0 0 127 40 40 41 7 77 78 100 105 55 33 66 99 5 15 25 0"
        + " 0 0 12 34 56 45 20 135 64 127 63",
    "POSTERIZE, 9, false, 0 192 16 80 48 112 240 0 128 32 32 32 0 64 176 96 144 192 32 64 96 240"
        + " 240 224 0 0 0 0 32 48 208 16 112 64 128 192",
    "CONTRAST, 7, false, 0 255 0 90 45 135 255 0 147 15 15 16 0 70 220 105 180 255 4 54 103 255 255"
        + " 255 0 0 0 0 6 39 255 0 135 51 147 243",
    "COLOUR, 7, false, 0 238 0 97 52 142 255 0 146 40 40 41 0 82 232 79 154 229 19 69 118 254 239"
        + " 224 0 0 0 3 36 69 255 0 136 38 134 230",
    "COLOUR, 2, false, 67 162 77 83 68 98 173 45 109 40 40 40 37 72 122 120 145 170 46 63 79 246"
        + " 241 236 0 0 0 21 32 43 149 54 104 90 122 154",
    "BRIGHTNESS, 7, false, 15 255 45 135 90 180 255 0 192 60 60 61 10 115 255 150 225 255 49 99 148"
        + " 255 255 255 0 0 0 18 51 84 255 30 180 96 192 255",
    "SHARPNESS, 7, false, 10 200 30 90 60 120 255 0 128 40 40 41 7 77 177 107 178 233 4 60 87 250"
        + " 240 230 0 0 0 12 34 56 210 20 120 64 128 192",
    "SHARPNESS, 2, false, 10 200 30 90 60 120 255 0 128 40 40 41 7 77 177 93 121 166 62 71 110 250"
        + " 240 230 0 0 0 12 34 56 210 20 120 64 128 192",
  })
  void agreesWithPil(Operation operation, int magnitude, boolean isNegative, String expected) {
    RasterImage picture = new RasterImage(3, 4, 3, bytes(PICTURE));
    byte[] before = picture.interleaved().clone();
    Magnitude strength = new Magnitude(magnitude, isNegative, TRANSLATION);
    RasterImage out =
        operation.isGeometric()
            ? operation.affine(3, 4, strength).nearest(picture, 128)
            : operation.recolour(picture, strength);
    assertThat(out.interleaved()).isEqualTo(bytes(expected)).isNotEqualTo(before);
    assertThat(picture.interleaved()).as("what it was given").isEqualTo(before);
  }

  /**
   * Pillow 9.4.0: ImageOps.equalize of (i * i % 97 * 2 + 30) for i = 0 .. 1023, as 32 x 32 grey.
   */
  @Test
  void equalizeAgreesWithPil() {
    byte[] values = new byte[1024];
    for (int i = 0; i < values.length; i++) {
      values[i] = (byte) (i * i % 97 * 2 + 30);
    }
    RasterImage even =
        Operation.EQUALIZE.recolour(new RasterImage(32, 32, 1, values), new Magnitude(0, false, 0));
    int sum = 0;
    for (byte value : even.interleaved()) {
      sum += value & 0xFF;
    }
    assertThat(even.interleaved())
        .startsWith(bytes("0 4 25 46 67 95 137 172 214 255 18 88 158 242 11 109"));
    assertThat(sum).isEqualTo(161_163);
  }

  /** 510 pixels, two of each value 0..254: step (510 - 2) / 255 = 1, sums 0, 2, 4, ... */
  @Test
  void equalizeByHand() {
    byte[] values = new byte[510];
    for (int i = 0; i < values.length; i++) {
      values[i] = (byte) (i / 2);
    }
    RasterImage even =
        Operation.EQUALIZE.recolour(new RasterImage(1, 510, 1, values), new Magnitude(0, false, 0));
    assertThat(even.at(0, 20, 0)).isEqualTo(20);
    assertThat(even.at(0, 21, 0)).isEqualTo(20);
    assertThat(even.at(0, 300, 0)).as("clipped").isEqualTo(255);
  }

  /** 50 -> 0, 101 -> 255, 61 -> (61 - 50) * 255 / 51 = 55. */
  @Test
  void autoContrastByHand() {
    RasterImage picture = new RasterImage(1, 3, 1, new byte[] {50, 61, 101});
    assertThat(Operation.AUTO_CONTRAST.recolour(picture, new Magnitude(0, false, 0)).interleaved())
        .containsExactly(0, 55, -1);
  }

  @ParameterizedTest
  @EnumSource(Operation.class)
  void evenAndTinyPicturesSurvive(Operation operation) {
    for (int[] shape : new int[][] {{1, 1, 3}, {1, 5, 1}, {2, 2, 3}, {9, 1, 1}}) {
      RasterImage even =
          new RasterImage(shape[0], shape[1], shape[2], new byte[shape[0] * shape[1] * shape[2]]);
      Magnitude strength = new Magnitude(9, true, TRANSLATION);
      RasterImage out =
          operation.isGeometric()
              ? operation.affine(shape[0], shape[1], strength).nearest(even, 0)
              : operation.recolour(even, strength);
      assertThat(out.height()).isEqualTo(shape[0]);
      assertThat(out.width()).isEqualTo(shape[1]);
      assertThat(out.channels()).isEqualTo(shape[2]);
    }
  }

  @Test
  void greyAndColourOfEqualChannelsComeOutAlike() {
    RasterImage grey = TestImages.counting(16, 16, 1);
    byte[] repeated = new byte[16 * 16 * 3];
    for (int i = 0; i < repeated.length; i++) {
      repeated[i] = grey.interleaved()[i / 3];
    }
    RasterImage colour = new RasterImage(16, 16, 3, repeated);
    Magnitude strength = new Magnitude(7, false, TRANSLATION);
    for (Operation operation : Operation.values()) {
      if (!operation.isGeometric()) {
        RasterImage one = operation.recolour(grey, strength);
        RasterImage three = operation.recolour(colour, strength);
        for (int i = 0; i < repeated.length; i++) {
          assertThat(three.interleaved()[i])
              .as("%s", operation)
              .isEqualTo(one.interleaved()[i / 3]);
        }
      }
    }
  }

  /** Ends of the ranges in the paper's table. */
  @Test
  void magnitudesSpanTheRanges() {
    Magnitude weak = new Magnitude(0, false, 150.0 / 331);
    Magnitude strong = new Magnitude(9, true, 150.0 / 331);
    assertThat(weak.shear()).isZero();
    assertThat(strong.shear()).isEqualTo(-0.3);
    assertThat(strong.pixels(331)).isEqualTo(-150);
    assertThat(new Magnitude(9, false, TRANSLATION).pixels(32)).isEqualTo(10);
    assertThat(strong.degrees()).isEqualTo(-30);
    assertThat(weak.solarizeThreshold()).isEqualTo(256);
    assertThat(strong.solarizeThreshold()).isZero();
    assertThat(weak.posterizeBits()).isEqualTo(8);
    assertThat(strong.posterizeBits()).isEqualTo(4);
    assertThat(weak.enhancement()).isEqualTo(0.1f);
    assertThat(strong.enhancement()).isEqualTo(1.9f);
    assertThatThrownBy(() -> new Magnitude(10, false, 0))
        .hasMessage("magnitude is 10, expected 0 to 9");
  }

  private static byte[] bytes(String numbers) {
    String[] parts = numbers.strip().split("\\s+");
    byte[] bytes = new byte[parts.length];
    for (int i = 0; i < parts.length; i++) {
      bytes[i] = (byte) Integer.parseInt(parts[i]);
    }
    return bytes;
  }
}
