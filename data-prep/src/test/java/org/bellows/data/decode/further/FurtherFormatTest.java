// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.decode.further;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.bellows.data.TestImages;
import org.bellows.data.decode.ImageDecoder;
import org.bellows.data.decode.image.ImageRefusedException;
import org.bellows.data.decode.image.RasterImage;
import org.junit.jupiter.api.Test;

/**
 * Files that Pillow 9.4 wrote with libwebp and libtiff: 3 x 4 pixels of which the values are known.
 */
class FurtherFormatTest {
  private static final String LOSSLESS_WEBP =
      "UklGRj4AAABXRUJQVlA4TDEAAAAvA4AAAF9AkG0zrAPV3+IOwyMQSPInm2OS+e9BCrC7AAQBJEop"
          + "pDDcCiuMGtH/oC4HAA==";
  private static final String LOSSY_WEBP =
      "UklGRmgAAABXRUJQVlA4IFwAAAAwAwCdASoQAAwAAMASJbACdLoB+AFKA/gGyAQgADIC/SBAAP7/"
          + "zR17eJy+GBf4ldL9P8TeajajdV/9QFQkyNmSuJvXPugDTf/zGdmO2vtBLSOaX3NhhU2JlL8AAA==";
  private static final String TURNED_WEBP =
      "UklGRnIAAABXRUJQVlA4WAoAAAAIAAAAAwAAAgAAVlA4TDEAAAAvA4AAAF9AkG0zrAPV3+IOwyMQ"
          + "SPInm2OS+e9BCrC7AAQBJEoppDDcCiuMGtH/oC4HAEVYSUYaAAAATU0AKgAAAAgAAQESAAMAAAAB"
          + "AAYAAAAAAAA=";
  private static final String HALF_TRANSPARENT_WEBP =
      "UklGRj4AAABXRUJQVlA4TDEAAAAvA4AAEF9AkG0zrAPV3+IOwyMQSPInm2OSAexBCrC7AAQBJEop"
          + "pDDcCiuMGtH/oC4HAA==";
  private static final String GIF =
      "R0lGODdhBAADAIcAALTIbnjIjDzIqgDIyLRkbnhkjDxkqgBkyLQAbngAjDwAqgAAyAAAAAAAAAAA"
          + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
          + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
          + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
          + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
          + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
          + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
          + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
          + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
          + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
          + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
          + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
          + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
          + "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAACwAAAAABAADAAAIEAAXKEiA"
          + "4ICBAgQGCAgAICAAOw==";
  private static final String BMP =
      "Qk1aAAAAAAAAADYAAAAoAAAABAAAAAMAAAABABgAAAAAACQAAADEDgAAxA4AAAAAAAAAAAAAyMgA"
          + "qsg8jMh4bsi0yGQAqmQ8jGR4bmS0yAAAqgA8jAB4bgC0";
  private static final String TIFF =
      "SUkqACwAAACAAAAMgeABVHgAIxaAA3AAyQQyQcyQoyQ1kQRkQdkQpkG6AgAKAAABAwABAAAABAAA"
          + "AAEBAwABAAAAAwAAAAIBAwADAAAAqgAAAAMBAwABAAAABQAAAAYBAwABAAAAAgAAABEBBAABAAAA"
          + "CAAAABUBAwABAAAAAwAAABYBAwABAAAAAwAAABcBBAABAAAAIwAAABwBAwABAAAAAQAAAAAAAAAI"
          + "AAgACAA=";
  private static final String TURNED_TIFF =
      "SUkqAAgAAAALAAABBAABAAAABAAAAAEBBAABAAAAAwAAAAIBAwADAAAAkgAAAAMBAwABAAAAAQAA"
          + "AAYBAwABAAAAAgAAABEBBAABAAAAmAAAABIBAwABAAAABgAAABUBAwABAAAAAwAAABYBBAABAAAA"
          + "AwAAABcBBAABAAAAJAAAABwBAwABAAAAAQAAAAAAAAAIAAgACAAAAMg8AKp4AIy0AG4AZMg8ZKp4"
          + "ZIy0ZG4AyMg8yKp4yIy0yG4=";
  private static final String GREY_16_TIFF =
      "SUkqAAgAAAAJAAABBAABAAAAAgAAAAEBBAABAAAAAQAAAAIBAwABAAAAEAAAAAMBAwABAAAAAQAA"
          + "AAYBAwABAAAAAQAAABEBBAABAAAAegAAABYBBAABAAAAAQAAABcBBAABAAAABAAAABwBAwABAAAA"
          + "AQAAAAAAAAA0Es2r";
  private static final String GREY_8_TIFF =
      "SUkqAAgAAAAJAAABBAABAAAAAgAAAAEBBAABAAAAAQAAAAIBAwABAAAACAAAAAMBAwABAAAAAQAA"
          + "AAYBAwABAAAAAQAAABEBBAABAAAAegAAABYBBAABAAAAAQAAABcBBAABAAAAAgAAABwBAwABAAAA"
          + "AQAAAAAAAAASqw==";
  private static final String CMYK_TIFF =
      "SUkqAAgAAAAKAAABBAABAAAABAAAAAEBBAABAAAAAwAAAAIBAwAEAAAAhgAAAAMBAwABAAAAAQAA"
          + "AAYBAwABAAAABQAAABEBBAABAAAAjgAAABUBAwABAAAABAAAABYBBAABAAAAAwAAABcBBAABAAAA"
          + "MAAAABwBAwABAAAAAQAAAAAAAAAIAAgACAAIAP//NwDD/1UAh/9zAEv/kQD/mzcAw5tVAIebcwBL"
          + "m5EA/zc3AMM3VQCHN3MASzeRAA==";
  private static final String FLOAT_TIFF =
      "SUkqAAgAAAAKAAABBAABAAAAAgAAAAEBBAABAAAAAQAAAAIBAwABAAAAIAAAAAMBAwABAAAAAQAA"
          + "AAYBAwABAAAAAQAAABEBBAABAAAAhgAAABYBBAABAAAAAQAAABcBBAABAAAACAAAABwBAwABAAAA"
          + "AQAAAFMBAwABAAAAAwAAAAAAAAAAAAAAAAAAAA==";

  /** Rows 0, 5 and 11 of LOSSY_WEBP as {@code dwebp -nofancy} decodes it. */
  private static final int[][] LOSSY_ROWS = {
    {
      0, 1, 203, 1, 2, 204, 12, 1, 198, 14, 2, 199, 44, 0, 178, 46, 1, 180, 75, 0, 157, 77, 1, 159,
      104, 0, 153, 106, 1, 155, 136, 0, 131, 138, 1, 134, 168, 0, 113, 171, 2, 116, 184, 0, 110,
      185, 1, 111
    },
    {
      8, 78, 209, 10, 79, 211, 21, 78, 205, 23, 79, 206, 54, 79, 187, 56, 82, 189, 86, 79, 165, 88,
      81, 168, 115, 79, 159, 117, 81, 162, 146, 79, 138, 148, 82, 141, 180, 79, 122, 182, 82, 125,
      194, 81, 117, 195, 82, 118
    },
    {
      0, 207, 205, 0, 208, 206, 12, 207, 198, 15, 210, 201, 46, 207, 180, 48, 210, 183, 77, 207,
      161, 79, 210, 163, 107, 207, 155, 110, 209, 157, 140, 206, 134, 142, 209, 136, 174, 207, 116,
      176, 209, 118, 188, 208, 112, 189, 209, 113
    }
  };

  private final ImageDecoder decoder = new ImageDecoder(1000);

  private static byte[] file(String base64) {
    return Base64.getDecoder().decode(base64);
  }

  private RasterImage stored(String base64) {
    byte[] png = decoder.stored(file(base64));
    assertThat(png).as("what is stored").startsWith(0x89, 'P', 'N', 'G');
    return decoder.decode(png);
  }

  private static void assertGradient(RasterImage image, String what) {
    assertThat(List.of(image.height(), image.width(), image.channels()))
        .as("size of %s", what)
        .containsExactly(3, 4, 3);
    for (int row = 0; row < 3; row++) {
      for (int column = 0; column < 4; column++) {
        assertThat(
                List.of(
                    image.at(row, column, 0), image.at(row, column, 1), image.at(row, column, 2)))
            .as("%s at %d, %d", what, row, column)
            .containsExactly(60 * column, 100 * row, 200 - 30 * column);
      }
    }
  }

  @Test
  void losslessFormsKeepEachValue() {
    assertGradient(stored(LOSSLESS_WEBP), "WebP");
    assertGradient(stored(GIF), "GIF");
    assertGradient(stored(BMP), "BMP");
    assertGradient(stored(TIFF), "TIFF");
  }

  @Test
  void lossyWebpIsWhatLibwebpMakesOfIt() {
    RasterImage image = stored(LOSSY_WEBP);
    assertThat(List.of(image.height(), image.width())).containsExactly(12, 16);
    int[] rows = {0, 5, 11};
    int largest = 0;
    for (int i = 0; i < rows.length; i++) {
      for (int at = 0; at < LOSSY_ROWS[i].length; at++) {
        int difference = image.at(rows[i], at / 3, at % 3) - LOSSY_ROWS[i][at];
        largest = Math.max(largest, Math.abs(difference));
      }
    }
    assertThat(largest).as("largest difference").isLessThanOrEqualTo(1);
  }

  /**
   * Orientation 6: what is stored as the first column is displayed as the first row, from the
   * right.
   */
  @Test
  void picturesAreStoredUpright() {
    for (String file : List.of(TURNED_WEBP, TURNED_TIFF)) {
      RasterImage image = stored(file);
      assertThat(List.of(image.height(), image.width())).containsExactly(4, 3);
      assertThat(List.of(image.at(0, 2, 0), image.at(0, 2, 1))).containsExactly(0, 0);
      assertThat(List.of(image.at(3, 2, 0), image.at(3, 2, 1))).containsExactly(180, 0);
      assertThat(List.of(image.at(0, 0, 0), image.at(0, 0, 1))).containsExactly(0, 200);
    }
  }

  @Test
  void whatIsTransparentLiesOverWhite() {
    RasterImage image = stored(HALF_TRANSPARENT_WEBP);
    // 128 / 255 of the pixel and the rest of white.
    assertThat(List.of(image.at(2, 3, 0), image.at(2, 3, 1), image.at(2, 3, 2)))
        .containsExactly(217, 227, 182);
  }

  @Test
  void greyKeepsItsValues() {
    assertThat(stored(GREY_8_TIFF).interleaved()).containsExactly(18, 18, 18, 171, 171, 171);
    assertThat(stored(GREY_16_TIFF).interleaved())
        .as("the upper 8 bits")
        .containsExactly(0x12, 0x12, 0x12, 0xAB, 0xAB, 0xAB);
  }

  @Test
  void jpegAndPngStayAsTheyAre() {
    for (byte[] encoded : List.of(TestImages.jpeg(9, 7), TestImages.png(9, 7))) {
      assertThat(decoder.stored(encoded)).isSameAs(encoded);
    }
  }

  @Test
  void otherKindsAreRefusedByName() {
    assertThatThrownBy(() -> stored(CMYK_TIFF))
        .isInstanceOf(ImageRefusedException.class)
        .hasMessageStartingWith(
            "is a TIFF of 4 channels that are neither grey nor red, green and blue");
    assertThatThrownBy(() -> stored(FLOAT_TIFF))
        .hasMessage("is a TIFF of 1 channels and 32 bits, allowed are 4 and 16");
    byte[] avif = "\0\0\0\34ftypavif\0\0".getBytes(StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> decoder.inspect(avif))
        .hasMessage(
            "is neither JPEG nor PNG: it begins with 00 00 00 1c 66 74 79 70, as does an AVIF");
    byte[] heic = "\0\0\0\34ftypheic\0\0".getBytes(StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> decoder.inspect(heic))
        .hasMessageEndingWith("as does a HEIC or other HEIF file");
  }

  @Test
  void limitsHoldBeforePixelsAreRead() {
    ImageDecoder small = new ImageDecoder(11);
    for (String file : List.of(LOSSLESS_WEBP, GIF, BMP, TIFF)) {
      assertThatThrownBy(() -> small.stored(file(file)))
          .isInstanceOf(ImageRefusedException.class)
          .hasMessage("has 3 x 4 = 12 pixels, allowed are 11");
    }
  }

  @Test
  void filesThatAreCutAreRefused() {
    for (String file : List.of(LOSSLESS_WEBP, LOSSY_WEBP, GIF, BMP, TIFF, GREY_16_TIFF)) {
      byte[] whole = file(file);
      for (int left : new int[] {20, whole.length / 2, whole.length - 6}) {
        assertThatThrownBy(() -> decoder.stored(Arrays.copyOf(whole, left)))
            .as("%d bytes of %s", left, file)
            .isInstanceOf(ImageRefusedException.class);
      }
    }
  }

  /** Whatever byte is broken in a file, it is refused or read, and nothing else happens. */
  @Test
  void brokenFilesAreRefused() {
    int refused = 0;
    for (String file : List.of(LOSSLESS_WEBP, LOSSY_WEBP, GIF, BMP, TIFF, GREY_16_TIFF)) {
      byte[] whole = file(file);
      for (int at = 0; at < whole.length; at++) {
        for (int value : new int[] {0, 1, 0x7F, 0x80, 0xFF}) {
          byte[] broken = whole.clone();
          broken[at] = (byte) value;
          try {
            decoder.stored(broken);
          } catch (ImageRefusedException e) {
            refused++;
          }
        }
      }
    }
    assertThat(refused).as("files that were refused").isGreaterThan(200);
  }
}
