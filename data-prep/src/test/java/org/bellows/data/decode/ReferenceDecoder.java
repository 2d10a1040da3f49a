// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data.decode;

import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.OptionalDouble;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.bellows.data.decode.image.RasterImage;

/** JPEGs through Java's own decoder, with the colours converted by hand. */
final class ReferenceDecoder {
  private ReferenceDecoder() {}

  /** Over all values; empty when Java's decoder does not read the file. */
  static OptionalDouble meanDifference(byte[] file, RasterImage pixels) {
    Raster raster;
    ImageReader reader = ImageIO.getImageReadersByFormatName("jpeg").next();
    try (ImageInputStream in = ImageIO.createImageInputStream(new ByteArrayInputStream(file))) {
      reader.setInput(in);
      raster = reader.readRaster(0, null);
    } catch (IOException | RuntimeException e) {
      return OptionalDouble.empty();
    } finally {
      reader.dispose();
    }
    if (raster.getWidth() != pixels.width() || raster.getHeight() != pixels.height()) {
      return OptionalDouble.empty();
    }
    // As libjpeg guesses: YCCK and YCbCr by any transform but 0; without one CMYK and YCbCr.
    int transform = adobeTransform(file);
    boolean isLuminance = raster.getNumBands() == 3 ? transform != 0 : transform > 0;
    double sum = 0;
    int[] stored = new int[raster.getNumBands()];
    for (int y = 0; y < raster.getHeight(); y++) {
      for (int x = 0; x < raster.getWidth(); x++) {
        raster.getPixel(x, y, stored);
        double[] rgb = rgb(stored, isLuminance);
        for (int channel = 0; channel < 3; channel++) {
          sum += Math.abs(rgb[channel] - pixels.at(y, x, channel));
        }
      }
    }
    return OptionalDouble.of(sum / pixels.interleaved().length);
  }

  /** JFIF's formulas; YCCK's are those of the complement; ink is stored inverted. */
  private static double[] rgb(int[] stored, boolean isLuminance) {
    if (stored.length == 1) {
      return new double[] {stored[0], stored[0], stored[0]};
    }
    double[] rgb = {stored[0], stored[1], stored[2]};
    if (isLuminance) {
      double blue = stored[1] - 128;
      double red = stored[2] - 128;
      rgb[0] = clip(stored[0] + 1.402 * red);
      rgb[1] = clip(stored[0] - 0.344136 * blue - 0.714136 * red);
      rgb[2] = clip(stored[0] + 1.772 * blue);
    }
    if (stored.length == 4) {
      for (int i = 0; i < 3; i++) {
        rgb[i] = (isLuminance ? 255 - rgb[i] : rgb[i]) * stored[3] / 255;
      }
    }
    return rgb;
  }

  private static double clip(double value) {
    return Math.max(0, Math.min(255, value));
  }

  /** The last byte of the APP14 segment; -1 without one. */
  private static int adobeTransform(byte[] file) {
    String text = new String(file, StandardCharsets.ISO_8859_1);
    int at = text.indexOf("\u00ff\u00ee\0\u000eAdobe");
    return at < 0 ? -1 : file[at + 15];
  }
}
