// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.bellows.data.TestData;
import org.bellows.data.TestImages;
import org.bellows.data.decode.image.ImageRefusedException;
import org.bellows.data.decode.image.ImageRefusedException.Reason;
import org.bellows.data.decode.image.RasterImage;
import org.bellows.data.decode.png.PngDecoder;
import org.junit.jupiter.api.Test;

class PngDecoderTest {
  private static final int GREY = 0;
  private static final int RGB = 2;
  private static final int PALETTE = 3;
  private static final int GREY_ALPHA = 4;
  private static final int RGB_ALPHA = 6;
  private static final byte[] THREE_COLOURS = {10, 20, 30, 40, 50, 60, 70, 80, 90};

  private final ImageDecoder decoder = new ImageDecoder(1_000_000);

  private static int channels(int colour) {
    return switch (colour) {
      case RGB -> 3;
      case GREY_ALPHA -> 2;
      case RGB_ALPHA -> 4;
      default -> 1;
    };
  }

  private static int[][][] noise(int height, int width, int channels, int values, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[][][] samples = new int[height][width][channels];
    for (int[][] row : samples) {
      for (int[] pixel : row) {
        for (int i = 0; i < channels; i++) {
          pixel[i] = random.nextInt(values);
        }
      }
    }
    return samples;
  }

  /** Every colour type and depth, plain and interlaced, small and odd sizes, all filters. */
  @Test
  void decodesEveryKind() {
    int kinds = 0;
    for (int colour : new int[] {GREY, RGB, GREY_ALPHA, RGB_ALPHA}) {
      for (int depth : new int[] {1, 2, 4, 8, 16}) {
        if (depth < 8 && colour != GREY) {
          continue;
        }
        for (int interlace = 0; interlace < 2; interlace++) {
          for (int[] size : new int[][] {{1, 1}, {2, 3}, {5, 1}, {13, 19}}) {
            int[][][] samples =
                noise(size[0], size[1], channels(colour), 1 << depth, depth + interlace);
            byte[] file =
                new TinyPng()
                    .header(size[0], size[1], depth, colour, interlace)
                    .data(TinyPng.rows(samples, depth, interlace == 1))
                    .end();
            assertPixels(decoder.decode(file), samples, depth);
            kinds++;
          }
        }
      }
    }
    assertThat(kinds).isEqualTo(11 * 2 * 4);
  }

  /** out = alpha x colour + (255 - alpha) x 255, over 255; of 16 bits the upper 8. */
  private static void assertPixels(RasterImage pixels, int[][][] samples, int depth) {
    for (int y = 0; y < samples.length; y++) {
      for (int x = 0; x < samples[y].length; x++) {
        int[] pixel = samples[y][x];
        boolean isGrey = pixel.length < 3;
        double alpha = pixel.length % 2 == 0 ? eight(pixel[pixel.length - 1], depth) / 255.0 : 1;
        for (int channel = 0; channel < 3; channel++) {
          int colour = eight(pixel[isGrey ? 0 : channel], depth);
          assertThat(pixels.at(y, x, channel))
              .isEqualTo((int) Math.round(alpha * colour + (1 - alpha) * 255));
        }
      }
    }
  }

  private static int eight(int value, int depth) {
    return depth == 16 ? value >> 8 : value * 255 / ((1 << depth) - 1);
  }

  @Test
  void alphaIsLaidOverWhite() {
    int[][][] samples = {{{200, 100, 0, 255}, {200, 100, 0, 51}, {200, 100, 0, 0}}};
    byte[] file =
        new TinyPng().header(1, 3, 8, RGB_ALPHA, 0).data(TinyPng.rows(samples, 8, false)).end();
    // 51 / 255 = 1/5: 40 + 204, 20 + 204, 0 + 204.
    assertThat(decoder.decode(file).interleaved())
        .containsExactly(200, 100, 0, 244, 224, 204, 255, 255, 255);
  }

  @Test
  void palettesMayHaveAlpha() {
    for (int depth : new int[] {2, 4, 8}) {
      byte[] file =
          new TinyPng()
              .header(1, 4, depth, PALETTE, 0)
              .chunk("PLTE", THREE_COLOURS)
              .chunk("tRNS", new byte[] {(byte) 255, 0})
              .data(TinyPng.rows(new int[][][] {{{0}, {1}, {2}, {0}}}, depth, false))
              .end();
      assertThat(decoder.decode(file).interleaved())
          .containsExactly(10, 20, 30, 255, 255, 255, 70, 80, 90, 10, 20, 30);
    }
  }

  @Test
  void oneColourMayBeTransparent() {
    byte[] grey =
        new TinyPng()
            .header(1, 2, 8, GREY, 0)
            .chunk("tRNS", new byte[] {0, 7})
            .data(TinyPng.rows(new int[][][] {{{7}, {8}}}, 8, false))
            .end();
    assertThat(decoder.decode(grey).interleaved()).containsExactly(255, 255, 255, 8, 8, 8);
    // All 16 bits of all three count.
    byte[] rgb =
        new TinyPng()
            .header(1, 2, 16, RGB, 0)
            .chunk("tRNS", new byte[] {1, 2, 3, 4, 5, 6})
            .data(
                TinyPng.rows(
                    new int[][][] {{{0x102, 0x304, 0x506}, {0x102, 0x304, 0x507}}}, 16, false))
            .end();
    assertThat(decoder.decode(rgb).interleaved()).containsExactly(255, 255, 255, 1, 3, 5);
  }

  @Test
  void dataMustFitTheSizeExactly() {
    byte[] rows = new byte[3 * 5];
    assertThat(decoder.decode(grey(3, 4, rows)).height()).isEqualTo(3);
    assertRefused(
        grey(3, 4, new byte[3 * 5 - 1]), "is a corrupt PNG: its image data ends in row 2 of 3");
    assertRefused(
        grey(3, 4, new byte[3 * 5 + 1]),
        "is a corrupt PNG: it has more image data than its size needs");
    rows[5] = 5;
    assertRefused(grey(3, 4, rows), "is a corrupt PNG: filter 5 in row 1, known are 0 to 4");
    // A megapixel of nothing.
    assertRefused(
        grey(1000, 1000, new byte[0]), "is a corrupt PNG: its image data ends in row 0 of 1000");
  }

  private static byte[] grey(int height, int width, byte[] rows) {
    return new TinyPng().header(height, width, 8, GREY, 0).data(rows).end();
  }

  @Test
  void compressedDataMustBeSound() {
    byte[] data = TinyPng.deflated(new byte[15]);
    data[data.length - 1] ^= 1;
    assertRefused(
        new TinyPng().header(3, 4, 8, GREY, 0).chunk("IDAT", data).end(),
        "is a corrupt PNG: its compressed data is damaged: incorrect data check");
    data[data.length - 1] ^= 1;
    byte[] cut = Arrays.copyOf(data, data.length - 2);
    assertRefused(
        new TinyPng().header(3, 4, 8, GREY, 0).chunk("IDAT", cut).end(),
        "is a corrupt PNG: its image data has no end");
    // In pieces, with an empty one, and bytes behind the end of the stream.
    byte[] pieces =
        new TinyPng()
            .header(3, 4, 8, GREY, 0)
            .chunk("IDAT", cut)
            .chunk("IDAT", new byte[0])
            .chunk("IDAT", new byte[] {data[data.length - 2], data[data.length - 1], 99})
            .end();
    assertThat(decoder.decode(pieces).height()).isEqualTo(3);
  }

  @Test
  void chunksMustMakeSense() {
    byte[] row = {0, 3};
    TinyPng palette = new TinyPng().header(1, 1, 8, PALETTE, 0).chunk("PLTE", THREE_COLOURS);
    assertRefused(
        palette.data(row).end(), "is a corrupt PNG: colour 3 of a palette of 3, in row 0");
    assertRefused(
        new TinyPng().header(1, 1, 8, PALETTE, 0).data(row).end(),
        "is a corrupt PNG: image data before the palette");
    assertRefused(
        new TinyPng().header(1, 1, 8, PALETTE, 0).chunk("PLTE", new byte[4]).data(row).end(),
        "is a corrupt PNG: a palette of 4 bytes, which do not fit");
    assertRefused(
        new TinyPng().header(1, 1, 8, GREY, 0).chunk("tRNS", new byte[1]).data(row).end(),
        "is a corrupt PNG: a transparency of 1 bytes, which do not fit");
    assertRefused(
        new TinyPng().header(1, 1, 8, GREY, 0).data(row).chunk("tEXt", row).data(row).end(),
        "is a corrupt PNG: image data in chunks that do not follow each other");
    assertRefused(
        new TinyPng().header(1, 1, 8, GREY, 0).chunk("ABCD", row).data(row).end(),
        "is a corrupt PNG: an unknown chunk at byte 33 that is not ancillary");
    assertRefused(
        new TinyPng().header(1, 1, 4, RGB, 0).data(row).end(),
        "is a corrupt PNG: colour type 2 of 4 bits");
    assertRefused(
        new TinyPng().header(1, 1, 8, GREY, 2).data(row).end(),
        "is a corrupt PNG: compression 0, filter 0, interlace 2; known are 0, 0 and 0 or 1");
    assertThatThrownBy(
            () -> decoder.inspect(new TinyPng().header(1, 70_000, 8, GREY, 0).data(row).end()))
        .hasMessage("has 1 x 70000 pixels, allowed are 65500 a side");
  }

  /** Were they inflated, these would be found damaged, or fill the memory. */
  @Test
  void textAndProfilesAreNeverInflated() {
    byte[] bomb = TinyPng.deflated(new byte[50_000_000]);
    byte[] profile = new byte[bomb.length + 3];
    profile[0] = 'x';
    System.arraycopy(bomb, 0, profile, 3, bomb.length);
    byte[] file =
        new TinyPng()
            .header(1, 1, 8, GREY, 0)
            .chunk("iCCP", profile)
            .chunk("zTXt", profile)
            .chunk("iTXt", new byte[] {1, 2, 3})
            .data(new byte[] {0, 9})
            .end();
    assertThat(decoder.decode(file).at(0, 0, 0)).isEqualTo(9);
  }

  @Test
  void realPicturesAreThoseOfOpenCv() throws IOException {
    try (Stream<Path> listed = Files.walk(TestData.require("membrane"))) {
      List<Path> files = listed.filter(f -> f.toString().endsWith(".png")).sorted().toList();
      assertThat(files).isNotEmpty();
      for (Path file : files) {
        byte[] bytes = Files.readAllBytes(file);
        assertThat(PngDecoder.decodeBgr(bytes).interleaved())
            .as(file.toString())
            .isEqualTo(OpenCv.decodeBgr(bytes, 1).interleaved());
      }
    }
    byte[] drawn = TestImages.png(33, 47);
    assertThat(PngDecoder.decodeBgr(drawn).interleaved())
        .isEqualTo(OpenCv.decodeBgr(drawn, 1).interleaved());
  }

  private void assertRefused(byte[] file, String message) {
    assertThatThrownBy(() -> decoder.inspect(file))
        .isInstanceOf(ImageRefusedException.class)
        .hasMessage(message)
        .extracting(e -> ((ImageRefusedException) e).reason())
        .isEqualTo(Reason.CORRUPT);
  }
}
