// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.encode;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import javax.imageio.ImageIO;
import org.bellows.data.decode.image.RasterImage;
import org.bellows.data.decode.image.SizeLimit;
import org.bellows.data.decode.png.PngSamples;
import org.bellows.data.manifest.PixelClass;
import org.junit.jupiter.api.Test;

/** A label map that was written reads back as the same labels, here and elsewhere. */
class LabelPaletteTest {
  private static final LabelPalette PALETTE =
      new LabelPalette(
          List.of(new PixelClass("sky", "#102030"), new PixelClass("road", "#ff8000")));

  /** Every label, in a picture whose width is no multiple of anything. */
  private static RasterImage everyLabel() {
    byte[] labels = new byte[23 * 13];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (byte) i;
    }
    return new RasterImage(23, 13, 1, labels);
  }

  @Test
  void ourReaderGivesTheLabels() {
    PngSamples png = PngSamples.of(PALETTE.png(everyLabel()), new SizeLimit(1000));
    byte[] labels = new byte[23 * 13];
    png.read((pixel, value, second, third, alpha) -> labels[pixel] = (byte) value);
    assertThat(png.isPalette()).isTrue();
    assertThat(png.depth()).isEqualTo(8);
    assertThat(png.height()).isEqualTo(23);
    assertThat(labels).isEqualTo(everyLabel().interleaved());
    assertThat(png.paletteColour(0)).isEqualTo(0x102030);
    assertThat(png.paletteColour(1)).isEqualTo(0xff8000);
    assertThat(png.paletteColour(2)).isEqualTo(PixelClass.vocColour(2));
    assertThat(png.paletteColour(PixelClass.VOID)).isEqualTo(0xe0e0c0);
  }

  @Test
  void imageIoGivesTheLabelsAndTheColours() throws IOException {
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(PALETTE.png(everyLabel())));
    assertThat(image.getType()).isEqualTo(BufferedImage.TYPE_BYTE_INDEXED);
    for (int row = 0; row < 23; row++) {
      for (int column = 0; column < 13; column++) {
        int label = row * 13 + column & 0xFF;
        assertThat(image.getRaster().getSample(column, row, 0)).isEqualTo(label);
        assertThat(image.getRGB(column, row) & 0xFFFFFF).isEqualTo(PALETTE.colour(label));
      }
    }
  }

  @Test
  void aMapOfTwoLabelsHasEightBitsAsWell() {
    RasterImage two = new RasterImage(1, 3, 1, new byte[] {0, 1, 0});
    PngSamples png = PngSamples.of(PALETTE.png(two), new SizeLimit(1000));
    assertThat(png.depth()).isEqualTo(8);
  }
}
