// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.bellows.data.TestData;
import org.bellows.data.decode.image.ImageHeader;
import org.bellows.data.decode.image.Orientation;
import org.bellows.data.decode.image.RasterImage;
import org.junit.jupiter.api.Test;

/** Photographs as cameras store them. */
class RealImagesTest {
  private final ImageDecoder decoder = new ImageDecoder(100_000_000);

  @Test
  void allOrientationsShowTheSamePicture() throws IOException {
    Path folder = TestData.require("exif-orientation");
    for (String shape : List.of("Landscape", "Portrait")) {
      RasterImage upright = decoder.decode(Files.readAllBytes(folder.resolve(shape + "_1.jpg")));
      for (int orientation = 2; orientation <= 8; orientation++) {
        byte[] file = Files.readAllBytes(folder.resolve(shape + "_" + orientation + ".jpg"));
        ImageHeader header = decoder.inspect(file);
        RasterImage turned = decoder.decode(file);
        assertThat(header.height()).isEqualTo(turned.height()).isEqualTo(upright.height());
        assertThat(header.width()).isEqualTo(turned.width()).isEqualTo(upright.width());
        assertThat(header.orientation()).isEqualTo(Orientation.ofExif(orientation));
        assertThat(meanDifference(upright, turned)).as(shape + " " + orientation).isLessThan(6);
      }
    }
  }

  private static double meanDifference(RasterImage a, RasterImage b) {
    long sum = 0;
    for (int i = 0; i < a.interleaved().length; i++) {
      sum += Math.abs((a.interleaved()[i] & 0xFF) - (b.interleaved()[i] & 0xFF));
    }
    return (double) sum / a.interleaved().length;
  }
}
