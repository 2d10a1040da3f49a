// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.augment.picture;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.util.HashSet;
import java.util.Set;
import org.assertj.core.data.Offset;
import org.bellows.data.TestImages;
import org.bellows.data.decode.image.RasterImage;
import org.bellows.data.random.SampleRandom;
import org.junit.jupiter.api.Test;

class ColorJitterTest {
  /**
   * Red and a mid grey-green; luma 76 and (19595 * 100 + 38470 * 120 + 7471 * 80 + 32768) >> 16.
   */
  private final RasterImage picture = new RasterImage(1, 2, 3, new byte[] {-1, 0, 0, 100, 120, 80});

  @Test
  void brightnessByHand() {
    assertThat(Enhance.brightness(picture, 0.5f).interleaved())
        .containsExactly(127, 0, 0, 50, 60, 40);
    assertThat(Enhance.brightness(picture, 2f).interleaved())
        .containsExactly(-1, 0, 0, (byte) 200, (byte) 240, (byte) 160);
  }

  /** Mean luma (76 + 109) / 2 + 0.5 = 93: 93 + 0.5 * (255 - 93) = 174, 93 - 46.5 = 46.5, ... */
  @Test
  void contrastByHand() {
    assertThat(Enhance.contrast(picture, 0.5f).interleaved())
        .containsExactly((byte) 174, 46, 46, 96, 106, 86);
  }

  /** 76 + 0.5 * (255 - 76) = 165.5, 38; 109 + 0.5 * (100 - 109) = 104.5, ... */
  @Test
  void saturationByHand() {
    assertThat(Enhance.colour(picture, 0.5f).interleaved())
        .containsExactly((byte) 165, 38, 38, 104, 114, 94);
    assertThat(Enhance.colour(picture, 0f).interleaved())
        .containsExactly(76, 76, 76, 109, 109, 109);
  }

  /** A third of the circle: red becomes green, (100, 120, 80) becomes (80, 100, 120). */
  @Test
  void hueByHand() {
    assertThat(Hue.shift(picture, 1 / 3f).interleaved()).containsExactly(0, -1, 0, 80, 100, 120);
    assertThat(Hue.shift(picture, -1 / 3f).interleaved()).containsExactly(0, 0, -1, 120, 80, 100);
    // Cyan is opposite to red; 60 degrees is yellow.
    assertThat(Hue.shift(picture, 0.5f).interleaved()).startsWith(0, -1, -1);
    assertThat(Hue.shift(picture, 1 / 6f).interleaved()).startsWith(-1, -1, 0);
  }

  @Test
  void hueAgreesWithJavasOwnColours() {
    SampleRandom random = new SampleRandom(3);
    byte[] colours = new byte[3000];
    for (int i = 0; i < colours.length; i++) {
      colours[i] = (byte) random.nextInt(256);
    }
    for (float turn : new float[] {-0.5f, -0.1f, 0, 0.07f, 0.5f}) {
      RasterImage out = Hue.shift(new RasterImage(1, 1000, 3, colours), turn);
      for (int i = 0; i < 3000; i += 3) {
        float[] hsb =
            Color.RGBtoHSB(colours[i] & 0xFF, colours[i + 1] & 0xFF, colours[i + 2] & 0xFF, null);
        Color expected = new Color(Color.HSBtoRGB(hsb[0] + turn, hsb[1], hsb[2]));
        assertThat(out.at(0, i / 3, 0)).isCloseTo(expected.getRed(), Offset.offset(1));
        assertThat(out.at(0, i / 3, 1)).isCloseTo(expected.getGreen(), Offset.offset(1));
        assertThat(out.at(0, i / 3, 2)).isCloseTo(expected.getBlue(), Offset.offset(1));
      }
    }
  }

  /** The numbers of seed 5 put through by hand: order, then the four amounts. */
  @Test
  void drawsOrderAndAmountsFromTheSample() {
    RasterImage photo = TestImages.counting(12, 12, 3);
    RasterImage out = apply(new ColorJitter(0.4, 0.3, 0.2, 0.1), photo, 5);
    SampleRandom random = new SampleRandom(5);
    int[] order = random.permutation(4);
    float brightness = (float) (1 + random.nextDouble(-0.4, 0.4));
    float contrast = (float) (1 + random.nextDouble(-0.3, 0.3));
    float saturation = (float) (1 + random.nextDouble(-0.2, 0.2));
    float hue = (float) random.nextDouble(-0.1, 0.1);
    RasterImage expected = photo;
    for (int change : order) {
      expected =
          switch (change) {
            case 0 -> Enhance.brightness(expected, brightness);
            case 1 -> Enhance.contrast(expected, contrast);
            case 2 -> Enhance.colour(expected, saturation);
            default -> Hue.shift(expected, hue);
          };
    }
    assertThat(out.interleaved())
        .isEqualTo(expected.interleaved())
        .isEqualTo(apply(new ColorJitter(0.4, 0.3, 0.2, 0.1), photo, 5).interleaved())
        .isNotEqualTo(photo.interleaved());
    assertThat(photo.interleaved()).isEqualTo(TestImages.counting(12, 12, 3).interleaved());
  }

  @Test
  void orderChanges() {
    Set<String> seen = new HashSet<>();
    for (int seed = 0; seed < 500; seed++) {
      seen.add(java.util.Arrays.toString(new SampleRandom(seed).permutation(4)));
    }
    assertThat(seen).hasSize(24);
  }

  @Test
  void greyHasNoHueAndNoSaturation() {
    RasterImage grey = TestImages.counting(4, 4, 1);
    assertThat(apply(new ColorJitter(0, 0, 0.5, 0.5), grey, 1)).isSameAs(grey);
    assertThat(apply(new ColorJitter(0.5, 0, 0, 0), grey, 1).interleaved())
        .isNotEqualTo(grey.interleaved());
  }

  private static RasterImage apply(ColorJitter jitter, RasterImage pixels, long seed) {
    return jitter.apply(new MaskedPicture(pixels, null), new SampleRandom(seed)).pixels();
  }
}
