// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.bellows.data.TestData;
import org.bellows.data.decode.image.RasterImage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ink becomes light as docs/data.md says: OpenCV's whole-number formula. */
class CmykTest {
  private static int light(int ink, int key) {
    return key - (((255 - ink) * key) >> 8);
  }

  @Test
  void theFormulaIsAtMostOneAboveTheProduct() {
    int above = 0;
    for (int ink = 0; ink < 256; ink++) {
      for (int key = 0; key < 256; key++) {
        int difference = light(ink, key) - Math.round(ink * key / 255f);
        assertThat(difference).as("ink %d, key %d", ink, key).isBetween(0, 2);
        above += difference;
      }
    }
    assertThat(above).as("most are one above").isGreaterThan(256 * 256 / 2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"044-jpg-cmyk-1.jpg", "045-jpg-cmyk-2.jpg"})
  void realFilesAreDecodedByIt(String name) throws IOException {
    byte[] file = Files.readAllBytes(TestData.require("jpeg-edge").resolve(name));
    RasterImage decoded = new ImageDecoder(1 << 20).decode(file);
    Raster stored = stored(file);
    int[] inks = new int[4];
    for (int row = 0; row < decoded.height(); row++) {
      for (int column = 0; column < decoded.width(); column++) {
        stored.getPixel(column, row, inks);
        for (int channel = 0; channel < 3; channel++) {
          assertThat(decoded.at(row, column, channel)).isEqualTo(light(inks[channel], inks[3]));
        }
      }
    }
  }

  private static Raster stored(byte[] file) throws IOException {
    ImageReader reader = ImageIO.getImageReadersByFormatName("jpeg").next();
    try (ImageInputStream in = ImageIO.createImageInputStream(new ByteArrayInputStream(file))) {
      reader.setInput(in);
      return reader.readRaster(0, null);
    } finally {
      reader.dispose();
    }
  }
}
