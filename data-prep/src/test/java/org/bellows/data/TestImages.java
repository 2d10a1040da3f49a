// Copyright The Bellows Authors
// SPDX-License-Identifier: Apache-2.0
package org.bellows.data;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.bellows.data.decode.image.RasterImage;

/** Pictures made with Java's own encoders, so that OpenCV is compared with somebody else. */
public final class TestImages {
  private TestImages() {}

  /** Smooth in both directions, with different channels: survives JPEG nearly unchanged. */
  public static BufferedImage gradient(int height, int width) {
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, red(x, width) << 16 | green(y, height) << 8 | 128);
      }
    }
    return image;
  }

  public static int red(int x, int width) {
    return 40 + 160 * x / width;
  }

  public static int green(int y, int height) {
    return 20 + 200 * y / height;
  }

  public static byte[] jpeg(int height, int width) {
    return jpeg(gradient(height, width), false);
  }

  public static byte[] progressiveJpeg(int height, int width) {
    return jpeg(gradient(height, width), true);
  }

  public static byte[] jpeg(BufferedImage image, boolean progressive) {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ImageWriteParam parameters = writer.getDefaultWriteParam();
    parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
    parameters.setCompressionQuality(0.95f);
    if (progressive) {
      parameters.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
      writer.setOutput(out);
      writer.write(null, new IIOImage(image, null, null), parameters);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  /** A JPEG with an EXIF segment of one entry, the orientation, put before all others. */
  public static byte[] oriented(byte[] jpeg, int orientation) {
    byte[] segment =
        java.util.HexFormat.of()
            .parseHex(
                "ffe10022457869660000" // APP1 of 34 bytes, "Exif"
                    + "4d4d002a00000008" // big-endian TIFF, directory at 8
                    + "0001" // one entry
                    + "0112000300000001%04x0000".formatted(orientation)
                    + "00000000"); // no further directory
    byte[] file = new byte[jpeg.length + segment.length];
    System.arraycopy(jpeg, 0, file, 0, 2);
    System.arraycopy(segment, 0, file, 2, segment.length);
    System.arraycopy(jpeg, 2, file, 2 + segment.length, jpeg.length - 2);
    return file;
  }

  public static byte[] png(int height, int width) {
    return png(gradient(height, width));
  }

  public static byte[] png(BufferedImage image) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      if (!ImageIO.write(image, "png", bytes)) {
        throw new IllegalStateException("no PNG writer");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** height x width x channels with the value of each byte its index modulo 251. */
  public static RasterImage counting(int height, int width, int channels) {
    byte[] bytes = new byte[height * width * channels];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (i % 251);
    }
    return new RasterImage(height, width, channels, bytes);
  }
}
